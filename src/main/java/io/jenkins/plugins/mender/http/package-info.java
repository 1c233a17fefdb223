/**
 * How a request is sent and its answer taken up: connections, timeouts, TLS trust, proxy. Knows nothing of Mender and nothing of Jenkins: it
 * uses the JDK and Apache HttpClient 5.
 */
package io.jenkins.plugins.mender.http;
