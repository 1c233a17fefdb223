package io.jenkins.plugins.mender.upload;

import java.util.ArrayList;
import java.util.List;

/** An upload that did not work, told in a user's terms. Its texts never contain a secret. */
public final class UploadFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final ArrayList<String> explanation;

    /**
     * Creates the failure.
     *
     * @param gist one sentence that says what failed, and one that says what the server holds now
     * @param explanation lines for the log: what was tried, what it most likely means, what to do; possibly none
     */
    public UploadFailure(String gist, List<String> explanation) {
        super(gist);
        this.explanation = new ArrayList<>(explanation);
    }

    /** {@return the lines for the log, in their order} */
    public List<String> explanation() {
        return List.copyOf(explanation);
    }
}
