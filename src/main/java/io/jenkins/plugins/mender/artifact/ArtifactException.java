package io.jenkins.plugins.mender.artifact;

import java.io.IOException;

/**
 * A file that is no Mender Artifact, a damaged one, or one that cannot be read here. It names the problem and the part of the
 * file; how to say it to users is decided elsewhere.
 */
public final class ArtifactException extends IOException {
    private static final long serialVersionUID = 1;

    /** Names in a hostile file can be long, and they end up in a log. */
    private static final int MAX_CHARS = 200;

    /** What is wrong with the file. */
    public enum Problem {
        /** It does not begin as an Artifact does: a tar whose first entry is {@code version}. Neither part nor detail. */
        NOT_AN_ARTIFACT,
        /** It is of a format that is not understood; the detail is the number found in {@code version}. */
        UNKNOWN_FORMAT,
        /** The file ends within the part; the detail is how many bytes of the part are missing, empty where unknown. */
        TRUNCATED,
        /** The format or the manifest asks for the part, and the file has none. */
        MISSING,
        /** The part is not where it belongs, or belongs into no Artifact; the detail is what was expected there. */
        MISPLACED,
        /** The part has no checksum in the manifest. */
        UNLISTED,
        /** The bytes of the part are not those that the manifest promises. */
        CHECKSUM,
        /** The part cannot be understood; the detail says why, in the words of who tried. */
        MALFORMED,
        /** The part is beyond what is read, lest the machine be brought down; the detail is the bound that was passed. */
        TOO_LARGE,
        /** This machine cannot unpack the part, another may: the detail says why, in the words of who tried. */
        UNREADABLE_HERE
    }

    private final Problem problem;
    private final String part;
    private final String detail;

    /**
     * Creates the exception.
     *
     * @param problem what is wrong
     * @param part the part of the file that it is wrong with, by its path as the manifest would write it; possibly empty
     * @param detail what {@link Problem} says for each problem; possibly empty
     */
    public ArtifactException(Problem problem, String part, String detail) {
        this.problem = problem;
        this.part = printable(part);
        this.detail = printable(detail);
    }

    private static String printable(String text) {
        String start = text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) + "…" : text;
        return start.replaceAll("\\p{Cc}", "?");
    }

    @Override
    public String getMessage() {
        return problem + (part.isEmpty() ? "" : ": " + part) + (detail.isEmpty() ? "" : " (" + detail + ")");
    }

    /** {@return what is wrong} */
    public Problem problem() {
        return problem;
    }

    /** {@return the part of the file that it is wrong with, possibly empty; one line} */
    public String part() {
        return part;
    }

    /** {@return more about it, as {@link Problem} says for each problem, possibly empty; one line} */
    public String detail() {
        return detail;
    }
}
