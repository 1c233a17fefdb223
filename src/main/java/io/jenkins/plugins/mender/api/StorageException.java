package io.jenkins.plugins.mender.api;

import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.http.TransportException;
import java.util.Optional;

/** The file of an Artifact that cannot be read where the server stores it. Its texts never contain the link to it. */
public final class StorageException extends Exception {
    private static final long serialVersionUID = 1;
    private static final int LIMIT = 200;

    /** What is in the way. */
    public enum Problem {
        /** The server gives no link; the detail is its answer: the status, and its words if they are Mender's. */
        NO_LINK,
        /** What the server gives is no link to follow. */
        UNUSABLE_LINK,
        /** The storage gave no answer, or the server none to the question for a link; see {@link #unanswered()}. */
        UNANSWERED,
        /** The storage does not give the file; the detail is the status that it answers. */
        REFUSED
    }

    private final Problem problem;
    private final String storage;
    private final String detail;
    private final TransportException unanswered;

    private StorageException(Problem problem, String storage, String detail, TransportException unanswered) {
        super(
                problem + (storage.isEmpty() ? "" : ": " + storage) + (detail.isEmpty() ? "" : " (" + detail + ")"),
                unanswered);
        this.problem = problem;
        this.storage = storage;
        this.detail = detail;
        this.unanswered = unanswered;
    }

    /** The words of others than Mender are left out: a redirect's repeat the link. */
    static StorageException noLink(ApiError error) {
        String words = error.bodyKind() == ApiError.BodyKind.JSON ? " " + error.words() : "";
        return new StorageException(Problem.NO_LINK, "", PlainText.oneLine(error.status() + words, LIMIT), null);
    }

    static StorageException unusableLink() {
        return new StorageException(Problem.UNUSABLE_LINK, "", "", null);
    }

    /** A detail that could hold the query of the link is left out. */
    static StorageException unanswered(String who, TransportException e) {
        TransportException told = e.getMessage().indexOf('?') < 0
                ? e
                : new TransportException(e.failure(), "", e.sentBytes(), e.wholeBodySent());
        return new StorageException(Problem.UNANSWERED, who, e.failure().toString(), told);
    }

    static StorageException refused(String storage, int status) {
        return new StorageException(Problem.REFUSED, storage, String.valueOf(status), null);
    }

    /** {@return what is in the way} */
    public Problem problem() {
        return problem;
    }

    /** {@return the address of who should have answered, without path and query; empty when the server gave no link to it} */
    public String storage() {
        return storage;
    }

    /** {@return more about it, as {@link Problem} says for each problem; possibly empty} */
    public String detail() {
        return detail;
    }

    /** {@return the exchange that got no answer; empty for other problems} */
    public Optional<TransportException> unanswered() {
        return Optional.ofNullable(unanswered);
    }
}
