package io.jenkins.plugins.mender.api;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What came back for one {@link ApiRequest}, whatever its status.
 *
 * @param status HTTP status code
 * @param reason the status line's reason phrase, possibly empty, never null
 * @param headers the answer's header lines
 * @param content the answer's body, at most as much of it as the request asked for
 * @param truncated whether the body was longer than that, or was cut on its way
 * @param sentBytes bytes of the request's file that were sent before this answer came
 * @param sentSha256 SHA-256 of these bytes as lower case hex digits; empty when the request had no file
 */
public record ApiResponse(
        int status,
        String reason,
        List<Header> headers,
        byte[] content,
        boolean truncated,
        long sentBytes,
        String sentSha256)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** The headers of an answer that somebody reads; others do not travel. */
    static final List<String> KEPT_HEADERS =
            List.of("Content-Type", "Link", "Location", "Retry-After", MenderApi.REQUEST_ID);

    public ApiResponse {
        headers = new ArrayList<>(headers);
        content = content.clone();
    }

    /** {@return a copy of the answer's body as it came} */
    @Override
    public byte[] content() {
        return content.clone();
    }

    /** {@return the answer's body as a text} */
    public String body() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /** {@return the begin of the answer's body as a text, of no more than so many bytes} */
    String body(int bytes) {
        return new String(content, 0, Math.min(bytes, content.length), StandardCharsets.UTF_8);
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
        return isSuccess(status);
    }

    static boolean isSuccess(int status) {
        return status >= 200 && status < 300;
    }

    /** Status alone: a server may echo the token in headers or body. */
    @Override
    public String toString() {
        return "HTTP " + status;
    }
}
