package io.jenkins.plugins.mender.artifact;

import java.io.IOException;

/** A file that is no Mender Artifact, or a damaged one. */
public final class ArtifactException extends IOException {
    private static final long serialVersionUID = 1;

    /** What is wrong with the file. */
    public enum Problem {
        /** It does not begin as an Artifact does: a tar whose first entry is {@code version}. */
        NOT_AN_ARTIFACT,
        /** Its {@code version} names a format that is not understood. */
        UNKNOWN_FORMAT,
        /** It ends too early. */
        TRUNCATED,
        /** A part is missing, out of order, too large or not readable; the detail says which. */
        MALFORMED,
        /** The bytes of a part are not those that the manifest promises; the detail names the part. */
        CHECKSUM
    }

    private final Problem problem;
    private final String detail;

    /**
     * Creates the exception.
     *
     * @param problem what is wrong
     * @param detail the part that it is wrong with, or what was found there; possibly empty
     */
    public ArtifactException(Problem problem, String detail) {
        super(problem + (detail.isEmpty() ? "" : ": " + detail));
        this.problem = problem;
        this.detail = detail;
    }

    /** {@return what is wrong} */
    public Problem problem() {
        return problem;
    }

    /** {@return the part that it is wrong with, or what was found there; possibly empty} */
    public String detail() {
        return detail;
    }
}
