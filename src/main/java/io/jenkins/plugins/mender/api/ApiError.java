package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.jenkins.plugins.mender.http.Redaction;
import io.jenkins.plugins.mender.http.Request;
import io.jenkins.plugins.mender.http.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An answer that is not the one a call asks for: a refusal, an error, or something that no Mender Server says. Mender's
 * error bodies are {@code {"error": …, "request_id": …}}; gateways and other servers answer with HTML or nothing.
 */
public final class ApiError extends Exception {
    private static final long serialVersionUID = 1;
    private static final int WORDS_LIMIT = 500;
    private static final Pattern HTML = Pattern.compile("^\\s*<(!doctype|html|head|\\?xml)", Pattern.CASE_INSENSITIVE);
    /** Where a web page has its title, in characters from its begin. */
    private static final int HEAD_LIMIT = 16 * 1024;

    /** What kind of body came with the answer. */
    public enum BodyKind {
        /** Mender's JSON with the words in {@code error}. */
        JSON,
        /** A web page: a gateway, a proxy, or a server that is not Mender's. */
        HTML,
        /** Any other text. */
        TEXT,
        /** Nothing. */
        EMPTY
    }

    private final int status;
    private final String reason;
    private final BodyKind bodyKind;
    private final String words;
    private final String requestId;
    private final String location;
    private final String retryAfter;
    private final long sentBytes;
    private final boolean wholeFileSent;

    private ApiError(Response response, BodyKind bodyKind, String words, String requestId, Redaction redaction) {
        super("HTTP " + response.status() + ": " + words);
        this.status = response.status();
        this.reason = redaction.line(response.reason(), WORDS_LIMIT);
        this.bodyKind = bodyKind;
        this.words = words;
        this.requestId = redaction.line(requestId, 64);
        this.location = redaction.line(
                MenderServer.withoutUser(response.header("Location").orElse("")), WORDS_LIMIT);
        this.retryAfter = redaction.apply(response.header("Retry-After").orElse(""));
        this.sentBytes = response.sentBytes();
        this.wholeFileSent = !response.sentSha256().isEmpty();
    }

    /**
     * Reads an answer as an error.
     *
     * @param response the answer
     * @param requestId the id that went out with the request; the server's own outranks it
     * @param redaction takes the secrets out of everything that is kept
     */
    public static ApiError of(Response response, String requestId, Redaction redaction) {
        String body = response.body(Request.ERROR_BYTES);
        JsonNode json = parse(body);
        BodyKind kind;
        String words;
        if (json.path("error").isTextual()) {
            kind = BodyKind.JSON;
            words = json.path("error").asText();
        } else if (isHtml(response, body)) {
            kind = BodyKind.HTML;
            words = title(body);
        } else {
            kind = body.isBlank() ? BodyKind.EMPTY : BodyKind.TEXT;
            words = body;
        }
        String id = response.header(MenderApi.REQUEST_ID)
                .or(() -> Optional.ofNullable(json.path("request_id").textValue()))
                .orElse(requestId);
        return new ApiError(response, kind, redaction.line(words, WORDS_LIMIT), id, redaction);
    }

    private static String title(String page) {
        String head = page.substring(0, Math.min(page.length(), HEAD_LIMIT));
        String lower = head.toLowerCase(Locale.ROOT);
        int begin = lower.indexOf('>', Math.max(0, lower.indexOf("<title"))) + 1;
        int end = lower.indexOf("</title", begin);
        return lower.contains("<title") && lower.length() == head.length() && end > 0 ? head.substring(begin, end) : "";
    }

    private static JsonNode parse(String body) {
        try {
            return Json.parse(body);
        } catch (IllegalArgumentException e) {
            return MissingNode.getInstance();
        }
    }

    private static boolean isHtml(Response response, String body) {
        return response.header("Content-Type").orElse("").contains("html")
                || HTML.matcher(body).find();
    }

    /** {@return the HTTP status} */
    public int status() {
        return status;
    }

    /** {@return the status line's reason phrase, possibly empty} */
    public String reason() {
        return reason;
    }

    /** {@return what kind of body came} */
    public BodyKind bodyKind() {
        return bodyKind;
    }

    /** {@return the server's own words on one line: the error's text, or the title of a web page; possibly empty} */
    public String words() {
        return words;
    }

    /** {@return the id under which the server's log knows the request} */
    public String requestId() {
        return requestId;
    }

    /** {@return where the answer points to ({@code Location}), possibly empty} */
    public String location() {
        return location;
    }

    /**
     * How long the server asks to be left alone ({@code Retry-After}, in seconds or as a date).
     *
     * @param now the time to count from
     * @return the wait, never negative; empty when the server does not ask, or not in a way that can be understood
     */
    public Optional<Duration> retryAfter(Instant now) {
        return Response.retryAfter(retryAfter, now);
    }

    /** {@return whether the request had a file, and all of it was sent before the answer came} */
    public boolean wholeFileSent() {
        return wholeFileSent;
    }

    /** {@return bytes of the request's file that were sent before the answer came} */
    public long sentBytes() {
        return sentBytes;
    }
}
