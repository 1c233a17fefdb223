package io.jenkins.plugins.mender.upload;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An upload that did not work, told in a user's terms. Its message is one sentence that says what failed and one that says what
 * the server holds now. Its texts never contain a secret.
 */
public final class UploadFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final String gist;
    private final Stored stored;
    private final ArrayList<String> explanation;

    /** What the server holds of the file that failed. */
    enum Stored {
        /** It holds nothing of it. */
        NOTHING,
        /** That cannot be known. */
        PERHAPS,
        /** It was asked after the failure, and held nothing of it then. */
        ABSENT,
        /** The old Artifact was deleted, and the new one is not there. */
        DELETED,
        /** The old Artifact was deleted, and whether the new one is there cannot be known. */
        DELETED_PERHAPS;

        private String text() {
            return Texts.get("stored." + name());
        }
    }

    /**
     * Creates the failure.
     *
     * @param gist one sentence that says what failed
     * @param stored what the server holds of the file
     * @param explanation lines for the log: what was tried, what it most likely means, what to do; possibly none
     */
    UploadFailure(String gist, Stored stored, List<String> explanation) {
        this(gist, stored, explanation, stored.text());
    }

    private UploadFailure(String gist, Stored stored, List<String> explanation, String state) {
        super(gist + ' ' + state);
        this.gist = gist;
        this.stored = stored;
        this.explanation = new ArrayList<>(explanation);
    }

    /** {@return the sentence that says what failed, without what the server holds} */
    String gist() {
        return gist;
    }

    /** {@return the lines for the log, in their order} */
    public List<String> explanation() {
        return List.copyOf(explanation);
    }

    /** {@return the same failure of one of several files, with what arrived before it} */
    UploadFailure after(List<UploadResult> before, int files) {
        if (before.isEmpty()) {
            return this;
        }
        String names =
                before.stream().map(result -> Texts.line(result.fileName())).collect(Collectors.joining(", "));
        String arrived = Texts.get("stored.before", before.size(), files, names);
        String state = stored == Stored.NOTHING ? arrived : stored.text() + ' ' + arrived;
        return new UploadFailure(gist, stored, explanation, state);
    }

    /** {@return the same failure, when something else is known of what the server holds} */
    UploadFailure but(Stored otherwise) {
        return new UploadFailure(gist, otherwise, explanation);
    }

    /** {@return the same failure, with a sentence of what an earlier run may have stored} */
    UploadFailure but(String state) {
        return new UploadFailure(gist, Stored.PERHAPS, explanation, state);
    }

    /** {@return the same failure, when the old Artifact was deleted before} */
    UploadFailure afterDelete() {
        return but(stored == Stored.PERHAPS ? Stored.DELETED_PERHAPS : Stored.DELETED);
    }
}
