package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.utils.DateUtils;

/**
 * An answer that is not the one a call asks for: a refusal, an error, or something that no Mender Server says. Mender's
 * error bodies are {@code {"error": …, "request_id": …}}; gateways and other servers answer with HTML or nothing.
 */
public final class ApiError extends Exception {
    private static final long serialVersionUID = 1;
    private static final int WORDS_LIMIT = 500;
    private static final Pattern HTML = Pattern.compile("^\\s*<(!doctype|html|head|\\?xml)", Pattern.CASE_INSENSITIVE);
    private static final Pattern TITLE =
            Pattern.compile("<title[^>]*>([^<]*)</title>", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

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

    private ApiError(ApiResponse response, BodyKind bodyKind, String words, String requestId, String location) {
        super("HTTP " + response.status() + ": " + words);
        this.status = response.status();
        this.reason = PlainText.oneLine(response.reason(), WORDS_LIMIT);
        this.bodyKind = bodyKind;
        this.words = words;
        this.requestId = requestId;
        this.location = location;
        this.retryAfter = response.header("Retry-After").orElse("").strip();
        this.sentBytes = response.sentBytes();
    }

    /**
     * Reads an answer as an error.
     *
     * @param response the answer
     * @param requestId the id that went out with the request; the server's own outranks it
     * @param redaction takes the secrets out of everything that is kept
     */
    static ApiError of(ApiResponse response, String requestId, Redaction redaction) {
        String body = redaction.apply(response.body(ApiRequest.ERROR_BYTES));
        JsonNode json = parse(body);
        BodyKind kind;
        String words;
        if (json.path("error").isTextual()) {
            kind = BodyKind.JSON;
            words = json.path("error").asText();
        } else if (isHtml(response, body)) {
            kind = BodyKind.HTML;
            Matcher title = TITLE.matcher(body);
            words = title.find() ? title.group(1) : "";
        } else {
            kind = body.isBlank() ? BodyKind.EMPTY : BodyKind.TEXT;
            words = body;
        }
        String id = response.header(MenderApi.REQUEST_ID)
                .or(() -> Optional.ofNullable(json.path("request_id").textValue()))
                .orElse(requestId);
        return new ApiError(
                response,
                kind,
                PlainText.oneLine(words, WORDS_LIMIT),
                PlainText.oneLine(redaction.apply(id), 64),
                PlainText.oneLine(redaction.apply(response.header("Location").orElse("")), WORDS_LIMIT));
    }

    private static JsonNode parse(String body) {
        try {
            return Json.parse(body);
        } catch (IllegalArgumentException e) {
            return MissingNode.getInstance();
        }
    }

    private static boolean isHtml(ApiResponse response, String body) {
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
        if (retryAfter.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter)));
        }
        return Optional.ofNullable(DateUtils.parseStandardDate(retryAfter))
                .map(date -> Duration.between(now, date))
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
    }

    /** {@return bytes of the request's file that were sent before the answer came} */
    public long sentBytes() {
        return sentBytes;
    }
}
