package io.jenkins.plugins.mender.http;

/** A text that cannot be used as trusted certificates. */
public final class InvalidCertificatesException extends Exception {
    private static final long serialVersionUID = 1;

    /** What is wrong with it. */
    public enum Problem {
        /** No PEM block of a certificate in it. */
        NO_CERTIFICATE,
        /** A private key, which has no place among what is trusted. */
        PRIVATE_KEY,
        /** A certificate that cannot be read: cut short, or changed. */
        UNREADABLE
    }

    private final Problem problem;
    private final int position;

    InvalidCertificatesException(Problem problem, int position) {
        super(problem + " at " + position);
        this.problem = problem;
        this.position = position;
    }

    /** {@return what is wrong} */
    public Problem problem() {
        return problem;
    }

    /** {@return which certificate is meant, counted from 1; 0 when none is} */
    public int position() {
        return position;
    }
}
