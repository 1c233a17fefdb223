package io.jenkins.plugins.mender.http;

import java.io.IOException;
import java.util.Optional;

/** An exchange that ended without an answer. Its texts never contain a secret. */
public final class TransportException extends IOException {
    private static final long serialVersionUID = 1;
    private static final int MOST_CHARS = 1000;

    /** Where the exchange failed. */
    public enum Failure {
        /** The host's name could not be resolved. */
        UNKNOWN_HOST,
        /** No connection: refused, unreachable or not answered in time. */
        NOT_CONNECTED,
        /** The proxy cannot be reached, or does not lead to the server. */
        PROXY,
        /** The proxy wants a user name and a password, or refuses those that it was given. */
        PROXY_LOGIN,
        /** No trusted, encrypted connection: the protocol, or what {@link #certificateProblem()} tells. */
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
        AGENT,
        /** The same, and it does not come back. */
        AGENT_GONE
    }

    private final Failure failure;
    private final long sentBytes;
    private final boolean wholeBodySent;
    private final CertificateProblem certificateProblem;

    /**
     * Creates the exception.
     *
     * @param failure where the exchange failed
     * @param detail technical detail free of secrets, such as {@code Connection refused}
     * @param sentBytes bytes of the request's file that went out
     * @param wholeBodySent whether everything went out, so that the server may have acted on the request
     */
    public TransportException(Failure failure, String detail, long sentBytes, boolean wholeBodySent) {
        this(failure, detail, sentBytes, wholeBodySent, null);
    }

    /** Creates the exception for a server's certificate that was not accepted. */
    TransportException(CertificateProblem problem, String detail) {
        this(Failure.NOT_TRUSTED, detail, 0, false, problem);
    }

    private TransportException(
            Failure failure, String detail, long sentBytes, boolean wholeBodySent, CertificateProblem problem) {
        super(detail);
        this.failure = failure;
        this.sentBytes = sentBytes;
        this.wholeBodySent = wholeBodySent;
        this.certificateProblem = problem;
    }

    /**
     * Makes the exception anew that another machine threw, of what may be told of it alone: its text is put on one line, and what
     * came with it is left behind.
     *
     * @param size the size of the request's file in bytes, 0 when it had none
     * @return the same failure, as one of this machine
     */
    public TransportException received(long size) {
        return new TransportException(
                failure == null ? Failure.AGENT : failure,
                PlainText.oneLine(String.valueOf(getMessage()), MOST_CHARS),
                Math.max(0, Math.min(sentBytes, size)),
                wholeBodySent,
                certificateProblem);
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

    /** {@return why the server's certificate was not accepted; empty when something else was the matter} */
    public Optional<CertificateProblem> certificateProblem() {
        return Optional.ofNullable(certificateProblem);
    }
}
