package io.jenkins.plugins.mender.api;

import java.io.IOException;

/** An exchange that ended without an answer. Its texts never contain a secret. */
public final class TransportException extends IOException {
    private static final long serialVersionUID = 1;

    /** Where the exchange failed. */
    public enum Failure {
        /** The host's name could not be resolved. */
        UNKNOWN_HOST,
        /** No connection: refused, unreachable or not answered in time. */
        NOT_CONNECTED,
        /** No trusted, encrypted connection: certificate, host name or protocol. */
        NOT_TRUSTED,
        /** The connection was closed or reset before the answer. */
        CUT,
        /** No byte moved for as long as {@link ConnectionSettings#stallTimeout()}. */
        STALLED,
        /** Everything was sent, and no answer came within {@link ConnectionSettings#answerTimeout()}. */
        NO_ANSWER,
        /** The file to send could not be read, or is not what it was when the request was made. */
        FILE,
        /** The machine that was to make the exchange is gone, or broke down. */
        AGENT
    }

    private final Failure failure;
    private final long sentBytes;
    private final boolean wholeBodySent;

    /**
     * Creates the exception.
     *
     * @param failure where the exchange failed
     * @param detail technical detail free of secrets, such as {@code Connection refused}
     * @param sentBytes bytes of the request's file that went out
     * @param wholeBodySent whether everything went out, so that the server may have acted on the request
     */
    public TransportException(Failure failure, String detail, long sentBytes, boolean wholeBodySent) {
        super(detail);
        this.failure = failure;
        this.sentBytes = sentBytes;
        this.wholeBodySent = wholeBodySent;
    }

    /** {@return where the exchange failed} */
    public Failure failure() {
        return failure;
    }

    /** {@return bytes of the request's file that went out} */
    public long sentBytes() {
        return sentBytes;
    }

    /** {@return whether everything went out, so that the server may have acted on the request} */
    public boolean wholeBodySent() {
        return wholeBodySent;
    }
}
