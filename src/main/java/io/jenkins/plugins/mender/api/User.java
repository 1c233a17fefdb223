package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * The owner of a token, as {@code GET /users/me} tells.
 *
 * @param id the user's id, or null
 * @param email the user's address, or null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record User(String id, String email) {}
