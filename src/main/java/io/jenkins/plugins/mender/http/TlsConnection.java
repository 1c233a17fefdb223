package io.jenkins.plugins.mender.http;

/**
 * An encrypted connection that was made.
 *
 * @param protocol the protocol's version, such as {@code TLSv1.3}
 * @param certificate the server's own certificate
 */
public record TlsConnection(String protocol, ServerCertificate certificate) {}
