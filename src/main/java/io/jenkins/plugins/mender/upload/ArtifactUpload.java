package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.Artifact;
import io.jenkins.plugins.mender.api.MenderApi.Receipt;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.upload.ExistingArtifacts.Decision;
import io.jenkins.plugins.mender.upload.Preparation.PreparedArtifact;
import io.jenkins.plugins.mender.upload.Retry.Setback;
import io.jenkins.plugins.mender.upload.UploadFailure.Stored;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Carries out what was decided for one file: leaves it at what is there, or sends it, perhaps after a delete, until the server
 * confirms it, refuses it, or no attempt is left. After an attempt that may have stored the file it is sent again only when the
 * server, asked for it, has not got it.
 */
final class ArtifactUpload {
    private static final int FOUND = 200;
    private static final int CONFLICT = 409;

    private final UploadSession session;
    private final ExistingArtifacts existing;
    private final UploadJournal journal;
    private final PreparedArtifact artifact;
    private final ArtifactFile file;
    private final Instant begin;

    /** The id of an Artifact that was deleted to make room, perhaps by an earlier run; empty when there is none. */
    private String replaced;

    /** How often the file was sent or begun to be sent. */
    private int attempts;

    /** The id under which the server's log knows the last request that it answered. */
    private String requestId = "";

    /** Ask for consent before the file is sent; given up for good once that may have been what failed. */
    private boolean consent = true;

    /** How often a gateway's time was over before the file was out. The line is not faster the next time. */
    private int tooSlow;

    /** Whether one of the attempts may have stored the file. */
    private boolean perhapsArrived;

    ArtifactUpload(
            UploadSession session, ExistingArtifacts existing, UploadJournal journal, PreparedArtifact artifact) {
        this.session = session;
        this.existing = existing;
        this.journal = journal;
        this.artifact = artifact;
        this.file = artifact.file();
        this.begin = session.pacing.now();
        this.replaced = journal.replaced(file.name());
    }

    /**
     * Carries the decision out.
     *
     * @throws UploadFailure when the file is not on the server, or nobody knows whether it is
     */
    UploadResult carryOut(Decision decision) throws UploadFailure, InterruptedException {
        if (session.options.dryRun()) {
            return planned(decision);
        }
        return switch (decision.outcome()) {
            case REUSED -> reused(decision.existing(), FOUND);
            case RECOVERED -> recovered(decision.existing());
            case REPLACED -> {
                delete(decision.existing());
                yield send();
            }
            default -> send();
        };
    }

    /** Makes room. Servers refuse that while an unfinished deployment uses the Artifact. */
    private void delete(Artifact old) throws UploadFailure, InterruptedException {
        journal.sending(file.name(), old.id());
        try {
            session.retry.call(() -> {
                session.api.delete(old.id());
                return null;
            });
        } catch (ApiError e) {
            throw session.failures.notDeleted(e);
        } catch (TransportException e) {
            throw session.failures.unanswered(e);
        }
        replaced = old.id();
        session.tell("log.deleted", Texts.line(replaced));
    }

    private UploadResult send() throws UploadFailure, InterruptedException {
        journal.sending(file.name(), replaced);
        try {
            Optional<UploadResult> result = Optional.empty();
            while (result.isEmpty()) {
                result = attempt();
            }
            return result.get();
        } catch (UploadFailure e) {
            throw replaced.isEmpty() ? e : e.afterDelete();
        }
    }

    /** Sends the file once. {@return what became of it; empty when it is time to send it again} */
    private Optional<UploadResult> attempt() throws UploadFailure, InterruptedException {
        attempts++;
        Instant attemptBegin = session.pacing.now();
        Setback setback;
        UploadFailure failure;
        try {
            ProgressLog progress = new ProgressLog(file.size(), session.pacing, session.log);
            Receipt receipt = session.api.upload(file, session.options.description(), consent, progress);
            return Optional.of(uploaded(receipt, replaced.isEmpty() ? Outcome.UPLOADED : Outcome.REPLACED));
        } catch (ApiError e) {
            requestId = e.requestId();
            failure = session.failures.upload(e, file.size(), Duration.between(attemptBegin, session.pacing.now()));
            if (e.status() == CONFLICT) {
                return afterConflict(failure);
            }
            tooSlow += Setback.isGatewayTimeout(e) && e.sentBytes() < file.size() ? 1 : 0;
            setback = Setback.of(e, file.size(), session.pacing.now());
        } catch (TransportException e) {
            failure = session.failures.unanswered(e);
            setback = Setback.of(e, file.size(), session.failures.gist(e));
        }
        if (consent && setback.consentRefused()) {
            consent = false;
            session.tell("log.withoutConsent", setback.words());
            return Optional.empty();
        }
        return afterSetback(setback, failure);
    }

    /**
     * Waits for the next attempt, and makes sure that it may be made.
     *
     * @return the file, when it turns out to be on the server already
     * @throws UploadFailure when there is to be no next attempt
     */
    private Optional<UploadResult> afterSetback(Setback setback, UploadFailure failure)
            throws UploadFailure, InterruptedException {
        int counted = consent ? attempts : attempts - 1;
        boolean again = setback.passing() && !session.retry.isLast(counted) && tooSlow < 2;
        perhapsArrived |= setback.perhapsArrived();
        if (again) {
            session.retry.pause(setback, counted);
        } else if (setback.perhapsArrived()) {
            session.retry.pauseBeforeLooking(setback, counted);
        }
        Optional<Artifact> found = perhapsArrived ? existing.arrived(artifact, replaced, failure) : Optional.empty();
        if (found.isEmpty() && !again) {
            throw failure.but(perhapsArrived ? Stored.ABSENT : Stored.NOTHING);
        }
        return found.map(this::recovered);
    }

    /**
     * The file is in its own way after an earlier attempt, or another one is that was not seen before, because the server did
     * not tell or somebody else was quicker.
     */
    private Optional<UploadResult> afterConflict(UploadFailure failure) throws UploadFailure, InterruptedException {
        Optional<Artifact> found = attempts > 1 ? existing.arrived(artifact, replaced, failure) : Optional.empty();
        if (found.isPresent()) {
            return found.map(this::recovered);
        }
        if (!replaced.isEmpty()) {
            throw failure;
        }
        failure.explanation().stream().limit(1).forEach(session.log::line);
        Decision decision = existing.decide(artifact);
        return switch (decision.outcome()) {
            case REUSED -> Optional.of(reused(decision.existing(), CONFLICT));
            case REPLACED -> {
                delete(decision.existing());
                yield Optional.empty();
            }
            default -> throw failure;
        };
    }

    private UploadResult uploaded(Receipt receipt, Outcome outcome) throws InterruptedException {
        requestId = receipt.requestId();
        String id = receipt.artifactId();
        session.tell(
                "log.uploaded",
                (receipt.status() + " " + receipt.reason()).strip(),
                Texts.time(duration()),
                id,
                requestId);
        String name = artifact.name();
        List<String> deviceTypes = artifact.deviceTypes();
        if (artifact.known().isEmpty()) {
            try {
                Artifact stored = session.retry.call(() -> session.api.artifact(id));
                name = stored.name();
                deviceTypes = stored.deviceTypes();
            } catch (ApiError | TransportException e) {
                session.tell("log.notDescribed", e.getMessage());
            }
        }
        return result(name, deviceTypes, id, receipt.sha256(), receipt.md5(), outcome, receipt.status());
    }

    private UploadResult recovered(Artifact found) {
        session.tell("log.recovered", found.id(), Texts.moment(found.modified()));
        return result(found.id(), Outcome.RECOVERED, FOUND);
    }

    private UploadResult reused(Artifact same, int status) {
        session.tell("log.reused", same.id(), Texts.moment(same.modified()));
        return result(same.id(), Outcome.REUSED, status);
    }

    private UploadResult planned(Decision decision) {
        String id = "";
        switch (decision.outcome()) {
            case REUSED -> {
                id = decision.existing().id();
                session.tell("log.plan.reuse", id);
            }
            case REPLACED ->
                session.tell("log.plan.replace", decision.existing().id());
            default -> session.tell("log.plan.send");
        }
        return result(id, Outcome.PLANNED, 0);
    }

    private UploadResult result(String id, Outcome outcome, int status) {
        return result(artifact.name(), artifact.deviceTypes(), id, "", "", outcome, status);
    }

    private UploadResult result(
            String name, List<String> deviceTypes, String id, String sha256, String md5, Outcome outcome, int status) {
        URI page = session.server.releasePage(name);
        if (outcome != Outcome.PLANNED) {
            session.log.line("  " + session.log.link(page));
        }
        return new UploadResult(
                id,
                name,
                page,
                file.name(),
                file.size(),
                sha256,
                md5,
                deviceTypes,
                outcome,
                status,
                requestId,
                attempts,
                attempts == 0 ? 0 : duration().toMillis());
    }

    /** {@return the time since the first attempt began} */
    private Duration duration() {
        return Duration.between(begin, session.pacing.now());
    }

    /**
     * Tells in the log how far a file has come: at each tenth, never more often than every 5 seconds, and at least every
     * minute; then how long the server has been taking to answer. A file that is sent within 5 seconds has no such line.
     */
    static final class ProgressLog implements Transport.Listener {
        private static final Duration MOST_OFTEN = Duration.ofSeconds(5);
        private static final Duration LEAST_OFTEN = Duration.ofMinutes(1);

        private final long size;
        private final Pacing pacing;
        private final UploadLog log;
        private final Instant begin;
        private Instant lastLine;
        private Instant wholeBodySent;
        private long lastTenth;
        private boolean spoken;

        /**
         * Begins now.
         *
         * @param size the file's size in bytes
         */
        ProgressLog(long size, Pacing pacing, UploadLog log) {
            this.size = size;
            this.pacing = pacing;
            this.log = log;
            this.begin = pacing.now();
            this.lastLine = begin;
        }

        @Override
        public synchronized void at(long sentBytes, boolean isWholeBodySent) {
            Instant now = pacing.now();
            if (isWholeBodySent) {
                waiting(now);
            } else {
                sending(now, sentBytes);
            }
        }

        private void sending(Instant now, long sent) {
            Duration silence = Duration.between(lastLine, now);
            long tenth = size == 0 ? 0 : sent * 10 / size;
            boolean due = tenth > lastTenth ? isAtLeast(silence, MOST_OFTEN) : isAtLeast(silence, LEAST_OFTEN);
            if (!due) {
                return;
            }
            lastTenth = tenth;
            long millis = Math.max(1, Duration.between(begin, now).toMillis());
            double bytesPerMilli = (double) sent / millis;
            String left = sent == 0
                    ? ""
                    : Texts.get("log.left", Texts.time(Duration.ofMillis((long) ((size - sent) / bytesPerMilli))));
            say(
                    now,
                    Texts.get(
                            "log.progress",
                            size == 0 ? 0 : sent * 100 / size,
                            Texts.part(sent, size),
                            Texts.size((long) (bytesPerMilli * 1000)),
                            left));
        }

        private void waiting(Instant now) {
            if (wholeBodySent == null) {
                wholeBodySent = now;
            }
            Duration silence = Duration.between(lastLine, now);
            if (!spoken && isAtLeast(silence, MOST_OFTEN) || spoken && wholeBodySent.isAfter(lastLine)) {
                say(now, Texts.get("log.sent", Texts.time(Duration.between(begin, wholeBodySent))));
                lastLine = wholeBodySent;
            } else if (isAtLeast(silence, LEAST_OFTEN)) {
                say(now, Texts.get("log.waiting", Texts.time(Duration.between(wholeBodySent, now))));
            }
        }

        private void say(Instant now, String line) {
            log.line(line);
            lastLine = now;
            spoken = true;
        }

        private static boolean isAtLeast(Duration one, Duration other) {
            return one.compareTo(other) >= 0;
        }
    }
}
