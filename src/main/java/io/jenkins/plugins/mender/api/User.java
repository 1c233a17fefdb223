package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The owner of a token, as {@code GET /users/me} tells.
 *
 * @param id the user's id, or null
 * @param email the user's address, or null
 */
public record User(String id, String email) {

    /** Reads what a server says, or throws {@link IllegalArgumentException}. */
    static User of(JsonNode user) {
        return new User(Json.text(Json.object(user).path("id")), Json.text(user.path("email")));
    }
}
