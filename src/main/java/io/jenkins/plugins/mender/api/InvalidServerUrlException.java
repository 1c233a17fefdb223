package io.jenkins.plugins.mender.api;

/** A text that cannot be the address of a Mender Server. */
public final class InvalidServerUrlException extends Exception {
    private static final long serialVersionUID = 1;

    /** What is wrong with it. */
    public enum Problem {
        /** Nothing there. */
        EMPTY,
        /** Not a URL, or one without a host. */
        NOT_A_URL,
        /** A scheme that is neither {@code http} nor {@code https}. */
        SCHEME,
        /** A user name, a query or a fragment, none of which has a place in a server's address. */
        EXTRA_PARTS
    }

    private final Problem problem;

    InvalidServerUrlException(Problem problem) {
        super(problem.name());
        this.problem = problem;
    }

    /** {@return what is wrong} */
    public Problem problem() {
        return problem;
    }
}
