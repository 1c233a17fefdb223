package io.jenkins.plugins.mender.simulator;

import java.util.List;

/** Answers to an upload that are anything but success, and what a user must be told. */
public final class Refusals {
    private Refusals() {}

    /**
     * One such answer.
     *
     * @param reply the answer
     * @param words what the log repeats of it
     * @param gist what the error line says of it
     * @param perhapsStored whether the server may hold the Artifact all the same
     */
    public record Refusal(Reply reply, String words, String gist, boolean perhapsStored) {
        @Override
        public String toString() {
            return reply.status() + " " + words;
        }
    }

    private static Refusal certain(Reply reply, String words, String gist) {
        return new Refusal(reply, words, gist, false);
    }

    private static Refusal doubtful(Reply reply, String words, String gist) {
        return new Refusal(reply, words, gist, true);
    }

    /** {@return the answers that every user interface must be able to put into words} */
    public static List<Refusal> all() {
        return List.of(
                certain(
                        Reply.error(400, "Metadata invalid"),
                        "\"Metadata invalid\"",
                        "unusable (400 Metadata invalid)"),
                certain(
                        Reply.error(401, "invalid jwt"),
                        "\"invalid jwt\"",
                        "refused the token of credentials 'mender-pat'"),
                certain(Reply.error(403, "Access denied"), "\"Access denied\"", "may not upload Artifacts"),
                certain(
                        Reply.html(403, "Blocked by policy"),
                        "web page \"Blocked by policy\"",
                        "a proxy or a firewall"),
                certain(Reply.html(404, "Not Found"), "web page \"Not Found\"", "is no Mender Server"),
                certain(Reply.error(405, "method not allowed"), "\"method not allowed\"", "does not accept uploads"),
                certain(Reply.error(409, "exists"), "\"exists\"", "is on the server already"),
                certain(Reply.error(413, "too large"), "\"too large\"", "too large for this server"),
                certain(Reply.error(422, "unprocessable"), "\"unprocessable\"", "Mender refused the upload (422"),
                doubtful(
                        Reply.error(429, "too many requests").with("Retry-After", "30"),
                        "\"too many requests\"",
                        "has had too many requests"),
                certain(
                        Reply.empty(302).with("Location", "https://elsewhere.example.com/login"),
                        "without a word",
                        "redirects the upload (302) to 'https://elsewhere.example.com/login'"),
                doubtful(Reply.error(500, "internal error"), "\"internal error\"", "failed while it took the upload"),
                doubtful(Reply.html(502, "Bad Gateway"), "web page \"Bad Gateway\"", "A gateway in front of"),
                doubtful(Reply.empty(503), "without a word", "does not work at the moment"),
                doubtful(Reply.html(504, "Gateway Timeout"), "web page \"Gateway Timeout\"", "A gateway in front of"),
                doubtful(Reply.html(200, "Please log in"), "web page \"Please log in\"", "which no Mender Server does"),
                doubtful(Reply.json(200, "[]"), "\"[]\"", "which no Mender Server does"),
                doubtful(Reply.empty(201), "without a word", "did not say which"));
    }
}
