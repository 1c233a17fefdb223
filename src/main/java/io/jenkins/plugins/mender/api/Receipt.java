package io.jenkins.plugins.mender.api;

/**
 * A server's answer to an upload that worked.
 *
 * @param artifactId the new Artifact's id
 * @param status the HTTP status, 201
 * @param reason the status line's reason phrase, possibly empty
 * @param requestId the id under which the server's log knows the request
 * @param sha256 SHA-256 of the file as it was sent, lower case hex digits
 */
public record Receipt(String artifactId, int status, String reason, String requestId, String sha256) {}
