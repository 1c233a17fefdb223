package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.mender.http.PlainText;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * A personal access token as the server lists it, which is without its value: that is told once, when the token is created.
 *
 * @param id the token's id, the same as the claim {@code jti} of its value
 * @param name the name that its user gave it, at most {@value #NAME_CHARS} characters of it
 * @param created when it was created, or null
 * @param lastUsed when it was last used, or null: never, or the server does not say
 * @param expires when it expires, or null when it never does
 */
public record PersonalAccessToken(String id, String name, Instant created, Instant lastUsed, Instant expires) {
    /** The most tokens that a user can have; the server answers 422 to the next. */
    public static final int MOST = 10;

    /** The longest life of a token that does not live for ever, in days (31,536,000 seconds). */
    public static final int MOST_DAYS = 365;

    /** The longest name that Mender takes, in characters. */
    public static final int NAME_CHARS = 4096;

    private static final int ID_CHARS = 64;

    static PersonalAccessToken of(JsonNode token) {
        String id = Json.text(Json.object(token).path("id"));
        String name = Json.text(token.path("name"));
        if (id == null || name == null) {
            throw new IllegalArgumentException("a token without id or name");
        }
        return new PersonalAccessToken(
                PlainText.oneLine(id, ID_CHARS),
                name.substring(0, Math.min(name.length(), NAME_CHARS)),
                instant(token.path("created_ts")),
                instant(token.path("last_used")),
                instant(token.path("expiration_date")));
    }

    private static Instant instant(JsonNode time) {
        try {
            return time.isTextual() ? Instant.parse(time.asText()) : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
