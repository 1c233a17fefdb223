/**
 * The {@code .mender} file: header, manifest and integrity. Knows nothing of Jenkins and nothing of JSON libraries: it uses
 * the JDK and commons-compress, so that it can run on an agent at little cost.
 *
 * <p>The format is documented with mender-artifact: a plain tar with, in strict order, {@code version}, {@code manifest},
 * perhaps {@code manifest.sig} and {@code manifest-augment}, {@code header.tar} (compressed or not), perhaps {@code
 * header-augment.tar}, and a {@code data/0000.tar} for each payload.
 */
package io.jenkins.plugins.mender.artifact;
