package io.jenkins.plugins.mender.api;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What came back for one {@link ApiRequest}, whatever its status.
 *
 * @param status HTTP status code
 * @param reason the status line's reason phrase, possibly empty, never null
 * @param headers the answer's header lines
 * @param body the answer's text, at most {@value #MAX_BODY_BYTES} bytes of it
 * @param truncated whether the body was longer than that, or was cut on its way
 * @param sentBytes bytes of the request's file that were sent before this answer came
 * @param sentSha256 SHA-256 of these bytes as lower case hex digits; empty when the request had no file
 */
public record ApiResponse(
        int status,
        String reason,
        List<Header> headers,
        String body,
        boolean truncated,
        long sentBytes,
        String sentSha256)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** How much of an answer's body is kept, in bytes. */
    public static final int MAX_BODY_BYTES = 64 * 1024;

    public ApiResponse {
        headers = new ArrayList<>(headers);
    }

    /**
     * The first header of a name.
     *
     * @param name the header's name in any case
     * @return its value, or empty when the answer has none
     */
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst();
    }

    /** {@return whether the status is one of success, 200 to 299} */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** Status alone: a server may echo the token in headers or body. */
    @Override
    public String toString() {
        return "HTTP " + status;
    }
}
