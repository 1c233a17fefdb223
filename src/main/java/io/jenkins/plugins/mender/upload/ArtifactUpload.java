package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.Artifact;
import io.jenkins.plugins.mender.api.ArtifactFile;
import io.jenkins.plugins.mender.api.MenderApi;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.Receipt;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.api.TransportException;
import io.jenkins.plugins.mender.api.TransportException.Failure;
import io.jenkins.plugins.mender.upload.ExistingArtifacts.Decision;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Carries out what was decided for a file: sends it, perhaps after a delete, or leaves it at what is there. */
final class ArtifactUpload {
    private final MenderServer server;
    private final MenderApi api;
    private final Token token;
    private final FailureReport failures;
    private final UploadLog log;
    private final Clock clock;
    private final ExistingArtifacts existing;
    private final UploadOptions options;

    ArtifactUpload(
            MenderServer server,
            MenderApi api,
            Token token,
            FailureReport failures,
            UploadLog log,
            Clock clock,
            ExistingArtifacts existing,
            UploadOptions options) {
        this.server = server;
        this.api = api;
        this.token = token;
        this.failures = failures;
        this.log = log;
        this.clock = clock;
        this.existing = existing;
        this.options = options;
    }

    UploadResult carryOut(PreparedArtifact artifact, Decision decision) throws UploadFailure, InterruptedException {
        if (options.dryRun()) {
            return planned(artifact, decision);
        }
        if (decision instanceof Decision.Reuse reuse) {
            return reused(artifact, reuse.existing(), new Attempt(200, "", 0, 0));
        }
        if (decision instanceof Decision.Replace replace) {
            return replace(artifact, replace.existing(), Attempt.NONE);
        }
        return send(artifact, Outcome.UPLOADED, Attempt.NONE);
    }

    /** How an upload stands: the last answer, and what it took so far. */
    private record Attempt(int status, String requestId, int attempts, long durationMillis) {
        static final Attempt NONE = new Attempt(0, "", 0, 0);
    }

    private UploadResult replace(PreparedArtifact artifact, Artifact old, Attempt before)
            throws UploadFailure, InterruptedException {
        existing.delete(old);
        try {
            return send(artifact, Outcome.REPLACED, before);
        } catch (UploadFailure e) {
            throw e.afterDelete();
        }
    }

    private UploadResult send(PreparedArtifact artifact, Outcome outcome, Attempt before)
            throws UploadFailure, InterruptedException {
        ArtifactFile file = artifact.file();
        long start = clock.millis() - before.durationMillis();
        int attempts = before.attempts() + 1;
        Receipt receipt;
        try {
            Optional<Receipt> first = withConsent(file);
            if (first.isPresent()) {
                receipt = first.get();
            } else {
                attempts++;
                receipt = api.upload(file, options.description(), false);
            }
        } catch (ApiError e) {
            UploadFailure failure = failures.upload(e, token, file.size());
            if (e.status() != 409 || outcome == Outcome.REPLACED) {
                throw failure;
            }
            long duration = clock.millis() - start;
            return afterConflict(artifact, failure, new Attempt(409, e.requestId(), attempts, duration));
        } catch (TransportException e) {
            throw failures.unanswered(e);
        }
        long duration = clock.millis() - start;
        log.line(Texts.get(
                "log.uploaded",
                (receipt.status() + " " + receipt.reason()).strip(),
                Figures.time(Duration.ofMillis(duration)),
                receipt.artifactId(),
                receipt.requestId()));
        return result(
                artifact,
                described(artifact, receipt.artifactId()),
                receipt.artifactId(),
                receipt.sha256(),
                outcome,
                new Attempt(receipt.status(), receipt.requestId(), attempts, duration));
    }

    /** Name and device types: those of the file, or, where it could not be read, those that the server read. */
    private Description described(PreparedArtifact artifact, String id) throws InterruptedException {
        if (artifact.known().isPresent()) {
            return known(artifact);
        }
        try {
            Artifact stored = api.artifact(id);
            return new Description(stored.name(), stored.deviceTypes());
        } catch (ApiError | TransportException e) {
            log.line(Texts.get("log.notDescribed", e.getMessage()));
            return new Description("", List.of());
        }
    }

    private static Description known(PreparedArtifact artifact) {
        return new Description(artifact.name(), artifact.deviceTypes());
    }

    /** What an Artifact is called and what it is for. */
    private record Description(String name, List<String> deviceTypes) {}

    /** A conflict that was not seen before, because the server did not tell or somebody else was quicker. */
    private UploadResult afterConflict(PreparedArtifact artifact, UploadFailure failure, Attempt attempt)
            throws UploadFailure, InterruptedException {
        failure.explanation().stream().limit(1).forEach(log::line);
        Decision decision = existing.decide(artifact);
        if (decision instanceof Decision.Reuse reuse) {
            return reused(artifact, reuse.existing(), attempt);
        }
        if (decision instanceof Decision.Replace replace) {
            return replace(artifact, replace.existing(), attempt);
        }
        throw failure;
    }

    /**
     * Sends the file after asking for consent, which spares an upload that would be refused. Behind some gateways an early
     * answer to such a request ends as a cut connection or a 502: as long as the file was not sent to its end nothing can be
     * stored, and the result is empty.
     */
    private Optional<Receipt> withConsent(ArtifactFile file) throws ApiError, TransportException, InterruptedException {
        try {
            return Optional.of(api.upload(file, options.description(), true));
        } catch (ApiError e) {
            if (e.status() != 417 && (e.status() != 502 || e.sentBytes() >= file.size())) {
                throw e;
            }
            log.line(Texts.get("log.withoutConsent", "HTTP " + e.status()));
        } catch (TransportException e) {
            if (e.failure() != Failure.CUT || e.wholeBodySent()) {
                throw e;
            }
            log.line(Texts.get("log.withoutConsent", e.getMessage()));
        }
        return Optional.empty();
    }

    private UploadResult planned(PreparedArtifact artifact, Decision decision) {
        String id = "";
        if (decision instanceof Decision.Reuse reuse) {
            id = reuse.existing().id();
            log.line(Texts.get("log.plan.reuse", id));
        } else if (decision instanceof Decision.Replace replace) {
            log.line(Texts.get("log.plan.replace", replace.existing().id()));
        } else {
            log.line(Texts.get("log.plan.send"));
        }
        return result(artifact, known(artifact), id, "", Outcome.PLANNED, Attempt.NONE);
    }

    private UploadResult reused(PreparedArtifact artifact, Artifact same, Attempt attempt) {
        log.line(Texts.get("log.reused", same.id(), Figures.moment(same.modified())));
        return result(artifact, known(artifact), same.id(), "", Outcome.REUSED, attempt);
    }

    private UploadResult result(
            PreparedArtifact artifact,
            Description description,
            String id,
            String sha256,
            Outcome outcome,
            Attempt attempt) {
        URI page = server.releasePage(description.name());
        if (outcome != Outcome.PLANNED) {
            log.line("  " + log.link(page));
        }
        return new UploadResult(
                id,
                description.name(),
                page,
                artifact.file().name(),
                artifact.file().size(),
                sha256,
                description.deviceTypes(),
                outcome,
                attempt.status(),
                attempt.requestId(),
                attempt.attempts(),
                attempt.durationMillis());
    }
}
