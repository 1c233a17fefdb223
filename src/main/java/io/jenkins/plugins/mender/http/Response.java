package io.jenkins.plugins.mender.http;

import io.jenkins.plugins.mender.http.Request.Body.FileUpload;
import io.jenkins.plugins.mender.http.Request.Header;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.utils.DateUtils;

/**
 * What came back for one {@link Request}, whatever its status. A server can say what it likes, and so can an agent that
 * brings its words: what is too long is cut when an answer is made, on its arrival from an agent too, and what no exchange can
 * come to is an {@link IllegalArgumentException}.
 *
 * @param status HTTP status code
 * @param reason the status line's reason phrase, possibly empty, never null; the first 8,192 characters of it
 * @param headers the answer's header lines, the first 100, of each value the first 8,192 characters
 * @param content the answer's body, at most as much of it as the request asked for
 * @param truncated whether the body was longer than that, or was cut on its way
 * @param sentBytes bytes of the request's file that were sent before this answer came
 * @param sentSha256 SHA-256 of the file as it was sent, lower case hex digits; empty when it was not sent to its end
 * @param sentMd5 MD5 of the same, which is what Jenkins knows files by
 */
public record Response(
        int status,
        String reason,
        List<Header> headers,
        byte[] content,
        boolean truncated,
        long sentBytes,
        String sentSha256,
        String sentMd5)
        implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int MOST_HEADERS = 100;
    private static final int MOST_CHARS = 8192;
    private static final int MOST_STATUS = 999;
    private static final Pattern CHECKSUMS = Pattern.compile("|[0-9a-f]{64}[0-9a-f]{32}");

    public Response {
        if (status < 1 || status > MOST_STATUS) {
            throw new IllegalArgumentException("the status " + status);
        }
        if (sentBytes < 0) {
            throw new IllegalArgumentException(sentBytes + " bytes sent");
        }
        if (sentSha256.isEmpty() != sentMd5.isEmpty()
                || !CHECKSUMS.matcher(sentSha256 + sentMd5).matches()) {
            throw new IllegalArgumentException("a checksum that is none");
        }
        reason = cut(reason);
        headers = headers.stream()
                .limit(MOST_HEADERS)
                .map(header -> new Header(cut(header.name()), cut(header.value())))
                .collect(Collectors.toCollection(ArrayList::new));
        content = content.clone();
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(text.length(), MOST_CHARS));
    }

    /**
     * Makes sure that this can be the answer to a request, for one that another machine brings.
     *
     * @param request what was asked
     * @throws IllegalArgumentException when it has more content than was to be kept, or tells of more of a file than was to be sent
     */
    public void checkAgainst(Request request) {
        if (content.length > request.bytesOf(status)) {
            throw new IllegalArgumentException(content.length + " bytes of content");
        }
        long size = request.body() instanceof FileUpload file ? file.size() : 0;
        if (sentBytes > size) {
            throw new IllegalArgumentException(sentBytes + " bytes sent of " + size);
        }
        if (!sentSha256.isEmpty() && !(request.body() instanceof FileUpload)) {
            throw new IllegalArgumentException("a checksum of no file");
        }
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
    public String body(int bytes) {
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

    /**
     * How long a server asks to be left alone.
     *
     * @param retryAfter the value of the header {@code Retry-After}, in seconds or as a date
     * @param now the time to count from
     * @return the wait, never negative; empty when the server does not ask, or not in a way that can be understood
     */
    public static Optional<Duration> retryAfter(String retryAfter, Instant now) {
        String text = retryAfter.strip();
        if (text.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        return Optional.ofNullable(DateUtils.parseStandardDate(text))
                .map(date -> Duration.between(now, date))
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
    }

    /** {@return whether the status is one of success, 200 to 299} */
    public boolean isSuccess() {
        return isSuccess(status);
    }

    public static boolean isSuccess(int status) {
        return status >= 200 && status < 300;
    }

    /** Status alone: a server may echo the token in headers or body. */
    @Override
    public String toString() {
        return "HTTP " + status;
    }
}
