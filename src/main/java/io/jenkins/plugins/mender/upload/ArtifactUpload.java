package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.Artifact;
import io.jenkins.plugins.mender.api.MenderApi.Receipt;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.upload.ExistingArtifacts.Decision;
import io.jenkins.plugins.mender.upload.Sending.Verdict;
import java.net.URI;
import java.util.List;

/** Carries out what was decided for one file: sends it, perhaps after a delete, or leaves it at what is there. */
final class ArtifactUpload {
    private static final int FOUND = 200;

    private final Conversation talk;
    private final ExistingArtifacts existing;
    private final UploadJournal journal;
    private final PreparedArtifact artifact;
    private final Sending sending;

    ArtifactUpload(Conversation talk, ExistingArtifacts existing, UploadJournal journal, PreparedArtifact artifact) {
        this.talk = talk;
        this.existing = existing;
        this.journal = journal;
        this.artifact = artifact;
        this.sending = new Sending(talk, existing, artifact);
    }

    /**
     * Carries the decision out.
     *
     * @param replaced the id of an Artifact that an earlier run deleted to make room, empty when there is none
     */
    UploadResult carryOut(Decision decision, String replaced) throws UploadFailure, InterruptedException {
        if (talk.options().dryRun()) {
            return planned(decision);
        }
        if (decision instanceof Decision.Reuse reuse) {
            return reused(reuse.existing(), FOUND);
        }
        if (decision instanceof Decision.Arrived arrived) {
            return recovered(arrived.existing());
        }
        if (decision instanceof Decision.Replace replace) {
            return replace(replace.existing());
        }
        return send(replaced);
    }

    private UploadResult replace(Artifact old) throws UploadFailure, InterruptedException {
        journal.sending(artifact.file().name(), old.id());
        existing.delete(old);
        return send(old.id());
    }

    private UploadResult send(String replaced) throws UploadFailure, InterruptedException {
        journal.sending(artifact.file().name(), replaced);
        Verdict verdict;
        try {
            verdict = sending.run(replaced);
        } catch (UploadFailure e) {
            throw replaced.isEmpty() ? e : e.afterDelete();
        }
        if (verdict instanceof Verdict.Confirmed confirmed) {
            return uploaded(confirmed.receipt(), replaced.isEmpty() ? Outcome.UPLOADED : Outcome.REPLACED);
        }
        if (verdict instanceof Verdict.Found found) {
            return recovered(found.artifact());
        }
        return afterConflict(((Verdict.Conflict) verdict).failure(), replaced);
    }

    /** A conflict that was not seen before, because the server did not tell or somebody else was quicker. */
    private UploadResult afterConflict(UploadFailure failure, String replaced)
            throws UploadFailure, InterruptedException {
        if (!replaced.isEmpty()) {
            throw failure.afterDelete();
        }
        failure.explanation().stream().limit(1).forEach(talk.log()::line);
        Decision decision = existing.decide(artifact);
        if (decision instanceof Decision.Reuse reuse) {
            return reused(reuse.existing(), sending.status());
        }
        if (decision instanceof Decision.Replace replace) {
            return replace(replace.existing());
        }
        throw failure;
    }

    private UploadResult uploaded(Receipt receipt, Outcome outcome) throws InterruptedException {
        talk.log()
                .line(Texts.get(
                        "log.uploaded",
                        (receipt.status() + " " + receipt.reason()).strip(),
                        Figures.time(sending.duration()),
                        receipt.artifactId(),
                        receipt.requestId()));
        return result(
                described(receipt.artifactId()), receipt.artifactId(), receipt.sha256(), outcome, receipt.status());
    }

    private UploadResult recovered(Artifact found) {
        talk.log().line(Texts.get("log.recovered", found.id(), Figures.moment(found.modified())));
        return result(known(), found.id(), "", Outcome.RECOVERED, FOUND);
    }

    private UploadResult reused(Artifact same, int status) {
        talk.log().line(Texts.get("log.reused", same.id(), Figures.moment(same.modified())));
        return result(known(), same.id(), "", Outcome.REUSED, status);
    }

    private UploadResult planned(Decision decision) {
        String id = "";
        if (decision instanceof Decision.Reuse reuse) {
            id = reuse.existing().id();
            talk.log().line(Texts.get("log.plan.reuse", id));
        } else if (decision instanceof Decision.Replace replace) {
            talk.log().line(Texts.get("log.plan.replace", replace.existing().id()));
        } else {
            talk.log().line(Texts.get("log.plan.send"));
        }
        return result(known(), id, "", Outcome.PLANNED, 0);
    }

    /** What an Artifact is called and what it is for. */
    private record Description(String name, List<String> deviceTypes) {}

    private Description known() {
        return new Description(artifact.name(), artifact.deviceTypes());
    }

    /** Name and device types: those of the file, or, where it could not be read, those that the server read. */
    private Description described(String id) throws InterruptedException {
        if (artifact.known().isPresent()) {
            return known();
        }
        try {
            Artifact stored = talk.retry().call(() -> talk.api().artifact(id));
            return new Description(stored.name(), stored.deviceTypes());
        } catch (ApiError | TransportException e) {
            talk.log().line(Texts.get("log.notDescribed", e.getMessage()));
            return new Description("", List.of());
        }
    }

    private UploadResult result(Description description, String id, String sha256, Outcome outcome, int status) {
        URI page = talk.server().releasePage(description.name());
        if (outcome != Outcome.PLANNED) {
            talk.log().line("  " + talk.log().link(page));
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
                status,
                sending.requestId(),
                sending.attempts(),
                sending.attempts() == 0 ? 0 : sending.duration().toMillis());
    }
}
