package io.jenkins.plugins.mender.simulator;

/**
 * What a {@link FaultyGateway} does to one upload.
 *
 * @param kind what it does
 * @param at after which part of the request's body, from 0 to 1
 * @param answer the answer that it gives by itself, empty where it gives none
 */
public record Fault(Kind kind, double at, String answer) {

    /** What a gateway does. */
    public enum Kind {
        /** Passes everything on. */
        NONE,
        /** Passes a part of the body on, or takes the whole for itself, then resets the connection to the client. */
        RESET,
        /** Passes everything on, waits for the server's answer, and resets the connection instead of passing it on. */
        RESET_AFTER_STORING,
        /** The same after the answer's first byte. */
        RESET_WITHIN_ANSWER,
        /** Passes a part of the body on, or takes the whole for itself, then does nothing more. */
        HANG,
        /** Passes everything on, waits for the server's answer, and keeps it. */
        HANG_AFTER_STORING,
        /** Takes a part of the body and answers by itself; what came never reaches the server. */
        ANSWER,
        /** Passes everything on, waits for the server's answer, and gives another. */
        ANSWER_AFTER_STORING,
        /** Passes a part of the body on at a megabyte a second, and the rest as it comes. */
        SLOW,
        /** Passes everything on, and the answer half a second after it came. */
        SLOW_ANSWER
    }

    /** {@return no fault} */
    public static Fault none() {
        return of(Kind.NONE);
    }

    /** {@return a fault of a kind that needs no more to be said} */
    public static Fault of(Kind kind) {
        return new Fault(kind, 1, "");
    }

    /** {@return a reset or a hang within the body} */
    public static Fault of(Kind kind, double at) {
        return new Fault(kind, at, "");
    }

    /** {@return an answer of that status instead of the server's, once the body has come; the server gets nothing of it} */
    public static Fault answer(int status, String... headers) {
        return new Fault(Kind.ANSWER, 1, http(status, headers));
    }

    /** {@return an answer of that status instead of the server's, which has stored the Artifact} */
    public static Fault answerAfterStoring(int status) {
        return new Fault(Kind.ANSWER_AFTER_STORING, 1, http(status));
    }

    /** {@return whether the server gets anything of the request} */
    boolean reachesServer() {
        return kind != Kind.ANSWER && (at < 1 || kind != Kind.RESET && kind != Kind.HANG);
    }

    /** {@return whether the client has to wait in vain, before it has sent everything or after} */
    public boolean hangs() {
        return kind == Kind.HANG || kind == Kind.HANG_AFTER_STORING;
    }

    /** {@return whether it has to wait before it has sent everything} */
    public boolean hangsInBody() {
        return kind == Kind.HANG && at < 1;
    }

    /** {@return the same at another part of the body} */
    public Fault at(double part) {
        return new Fault(kind, part, answer);
    }

    private static String http(int status, String... headers) {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " Faulty\r\nContent-Length: 0\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return text.append("Connection: close\r\n\r\n").toString();
    }

    @Override
    public String toString() {
        String status = answer.isEmpty() ? "" : answer.split(" ")[1];
        return kind + (at < 1 ? "@" + at : "") + status;
    }
}
