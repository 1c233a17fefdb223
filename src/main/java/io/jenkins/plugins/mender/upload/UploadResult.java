package io.jenkins.plugins.mender.upload;

import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * One Artifact that is on the server now.
 *
 * @param id the Artifact's id on the server
 * @param name the Artifact's name, empty when the server does not tell it to this token
 * @param url the Release's page in the server's web interface
 * @param fileName the file's path relative to the workspace, with slashes
 * @param size the file's size in bytes
 * @param sha256 the file's SHA-256, lower case hex digits; empty when it was not sent, or the answer to it was lost
 * @param md5 the file's MD5, with which Jenkins knows it; empty when the SHA-256 is
 * @param deviceTypes the device types that it is for
 * @param outcome how it came to be there
 * @param httpStatus the status of the answer that tells so
 * @param requestId the id under which the server's log knows the request
 * @param attempts how many times the file was sent or begun to be sent
 * @param durationMillis time from the first attempt's begin to the answer, in milliseconds
 */
public record UploadResult(
        String id,
        String name,
        URI url,
        String fileName,
        long size,
        String sha256,
        String md5,
        List<String> deviceTypes,
        Outcome outcome,
        int httpStatus,
        String requestId,
        int attempts,
        long durationMillis)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** How an Artifact came to be on the server. */
    public enum Outcome {
        /** It was sent. */
        UPLOADED,
        /** It was there already with the same content. */
        REUSED,
        /** It was sent after another of the same name was deleted. */
        REPLACED,
        /** It was sent, the answer was lost, and the server was found to have it. */
        RECOVERED,
        /** It is not there: this was a dry run, and nothing speaks against the upload. */
        PLANNED
    }

    public UploadResult {
        md5 = md5 == null ? "" : md5; // saved before there was one
        deviceTypes = new ArrayList<>(deviceTypes);
    }
}
