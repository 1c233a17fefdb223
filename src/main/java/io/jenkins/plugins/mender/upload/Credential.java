package io.jenkins.plugins.mender.upload;

/** What opens the server. {@code id} is the name under which the user knows it. The string form has no secret. */
public sealed interface Credential {
    /** {@return the name under which the user knows it} */
    String id();

    /**
     * A personal access token or a session token.
     *
     * @param id the name under which the user knows it
     * @param secret the token
     */
    record BearerToken(String id, String secret) implements Credential {
        @Override
        public String toString() {
            return id;
        }
    }

    /**
     * A user's name and password, good for a login.
     *
     * @param id the name under which the user knows it
     * @param user the user's address
     * @param password the user's password
     */
    record Login(String id, String user, String password) implements Credential {
        @Override
        public String toString() {
            return id;
        }
    }
}
