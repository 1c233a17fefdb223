package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.Artifact;
import io.jenkins.plugins.mender.api.MenderApi.Receipt;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.upload.UploadFailure.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Sends one file until the server confirms it, refuses it, or no attempt is left. After an attempt that may have stored the
 * file it is sent again only when the server, asked for it, has not got it.
 */
final class Sending {
    private static final int CONFLICT = 409;

    private final Conversation talk;
    private final ExistingArtifacts existing;
    private final PreparedArtifact artifact;
    private final ArtifactFile file;
    private final Instant begin;

    private int attempts;
    private Instant attemptBegin;
    private int status;
    private String requestId = "";

    /** Ask for consent before the file is sent; given up for good once that may have been what failed. */
    private boolean consent = true;

    /** How often a gateway's time was over before the file was out. The line is not faster the next time. */
    private int tooSlow;

    /** Whether one of the attempts may have stored the file. */
    private boolean perhapsArrived;

    /** How the sending ended, failures apart. */
    sealed interface Verdict {
        /** The server confirmed it. */
        record Confirmed(Receipt receipt) implements Verdict {}

        /** The server did not confirm it, and has it. */
        record Found(Artifact artifact) implements Verdict {}

        /** The server has another one in its place, which nobody knew of. */
        record Conflict(UploadFailure failure) implements Verdict {}
    }

    Sending(Conversation talk, ExistingArtifacts existing, PreparedArtifact artifact) {
        this.talk = talk;
        this.existing = existing;
        this.artifact = artifact;
        this.file = artifact.file();
        this.begin = talk.pacing().now();
        this.attemptBegin = begin;
    }

    /** {@return how often the file was sent or begun to be sent} */
    int attempts() {
        return attempts;
    }

    /** {@return the status of the last answer, 0 when there was none} */
    int status() {
        return status;
    }

    /** {@return the id under which the server's log knows the last request that it answered, possibly empty} */
    String requestId() {
        return requestId;
    }

    /** {@return the time since the first attempt began} */
    Duration duration() {
        return Duration.between(begin, talk.pacing().now());
    }

    /**
     * Sends.
     *
     * @param replaced the id of an Artifact that was deleted to make room, empty when there is none
     * @throws UploadFailure when the file is not on the server, or nobody knows whether it is
     */
    Verdict run(String replaced) throws UploadFailure, InterruptedException {
        while (true) {
            Setback setback;
            UploadFailure failure;
            try {
                return new Verdict.Confirmed(attempt());
            } catch (ApiError e) {
                status = e.status();
                requestId = e.requestId();
                failure = talk.failures().upload(e, talk.token(), file.size(), sinceAttempt());
                tooSlow += Setback.isGatewayTimeout(e) && e.sentBytes() < file.size() ? 1 : 0;
                setback = Setback.of(e, file.size(), talk.pacing().now());
                if (status == CONFLICT) {
                    return conflict(replaced, failure);
                }
            } catch (TransportException e) {
                failure = talk.failures().unanswered(e);
                setback = Setback.of(e, file.size(), talk.failures().gist(e));
            }
            if (consent && setback.consentRefused()) {
                consent = false;
                talk.log().line(Texts.get("log.withoutConsent", setback.words()));
                continue;
            }
            Optional<Artifact> found = wait(setback, replaced, failure);
            if (found.isPresent()) {
                return new Verdict.Found(found.get());
            }
        }
    }

    private Duration sinceAttempt() {
        return Duration.between(attemptBegin, talk.pacing().now());
    }

    private Receipt attempt() throws ApiError, TransportException, InterruptedException {
        attempts++;
        attemptBegin = talk.pacing().now();
        ProgressLog progress = new ProgressLog(file.size(), talk.pacing(), talk.log());
        Receipt receipt = talk.api().upload(file, talk.options().description(), consent, progress);
        status = receipt.status();
        requestId = receipt.requestId();
        return receipt;
    }

    /** The file is in its own way, or in that of an upload that was quicker. */
    private Verdict conflict(String replaced, UploadFailure failure) throws UploadFailure, InterruptedException {
        if (attempts > 1) {
            Optional<Artifact> found = existing.arrived(artifact, replaced, failure);
            if (found.isPresent()) {
                return new Verdict.Found(found.get());
            }
        }
        return new Verdict.Conflict(failure);
    }

    /**
     * Waits for the next attempt, and makes sure that it may be made.
     *
     * @return the file, when it turns out to be on the server already
     * @throws UploadFailure when there is to be no next attempt
     */
    private Optional<Artifact> wait(Setback setback, String replaced, UploadFailure failure)
            throws UploadFailure, InterruptedException {
        int counted = consent ? attempts : attempts - 1;
        boolean again = setback.passing() && !talk.retry().isLast(counted) && tooSlow < 2;
        perhapsArrived |= setback.perhapsArrived();
        if (again) {
            talk.retry().pause(setback, counted);
        } else if (setback.perhapsArrived()) {
            talk.retry().pauseBeforeLooking(setback, counted);
        }
        Optional<Artifact> found = perhapsArrived ? existing.arrived(artifact, replaced, failure) : Optional.empty();
        if (found.isEmpty() && !again) {
            throw failure.but(perhapsArrived ? Stored.ABSENT : Stored.NOTHING);
        }
        return found;
    }
}
