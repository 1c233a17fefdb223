/**
 * Tests of what lies around the code: documents, build files, what hosting asks of a plugin. Knows nothing of Jenkins, and runs in
 * both builds.
 */
package io.jenkins.plugins.mender.repository;
