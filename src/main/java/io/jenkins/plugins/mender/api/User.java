package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.mender.http.PlainText;

/**
 * The owner of a token, as {@code GET /users/me} tells.
 *
 * @param id the user's id, or null
 * @param email the user's address, or null
 */
public record User(String id, String email) {
    private static final int TEXT_LIMIT = 256;

    /** Reads what a server says, or throws {@link IllegalArgumentException}. */
    static User of(JsonNode user) {
        return new User(line(Json.object(user).path("id")), line(user.path("email")));
    }

    private static String line(JsonNode value) {
        String text = Json.text(value);
        return text == null ? null : PlainText.oneLine(text, TEXT_LIMIT);
    }
}
