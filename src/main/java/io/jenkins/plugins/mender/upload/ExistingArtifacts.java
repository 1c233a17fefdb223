package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.Artifact;
import io.jenkins.plugins.mender.api.MenderApi;
import io.jenkins.plugins.mender.api.PlainText;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.api.TransportException;
import io.jenkins.plugins.mender.upload.UploadFailure.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks for what stands in an Artifact's way on the server, and judges it by the policy {@link IfExists}. */
final class ExistingArtifacts {
    private static final int LIMIT = 256;

    private final MenderApi api;
    private final Token token;
    private final FailureReport failures;
    private final IfExists policy;
    private final UploadLog log;

    /** What is to be done with a file. */
    sealed interface Decision {
        /** Nothing stands in its way, as far as can be known. */
        record Send() implements Decision {}

        /** The server has it already. */
        record Reuse(Artifact existing) implements Decision {}

        /** The existing Artifact is to be deleted first. */
        record Replace(Artifact existing) implements Decision {}
    }

    ExistingArtifacts(MenderApi api, Token token, FailureReport failures, IfExists policy, UploadLog log) {
        this.api = api;
        this.token = token;
        this.failures = failures;
        this.policy = policy;
        this.log = log;
    }

    /**
     * Decides what is to be done with a file: before it is sent, and again when the server found a conflict (409) all the
     * same. Judged by what the server holds, never by its words.
     *
     * @throws UploadFailure when the policy does not allow the upload, or the server could not be asked
     */
    Decision decide(PreparedArtifact artifact) throws UploadFailure, InterruptedException {
        if (artifact.known().isEmpty()) {
            return new Decision.Send();
        }
        PreparedArtifact.Known known = artifact.known().get();
        Optional<List<Artifact>> conflicting = lookUp(known);
        if (conflicting.isEmpty() || conflicting.get().isEmpty()) {
            return new Decision.Send();
        }
        return judge(known, conflicting.get());
    }

    /** The Artifacts that conflict; empty when this token or this server does not let them be listed. */
    private Optional<List<Artifact>> lookUp(PreparedArtifact.Known known) throws UploadFailure, InterruptedException {
        try {
            List<Artifact> named = api.artifactsNamed(known.header().name());
            return Optional.of(named.stream().filter(known::conflictsWith).toList());
        } catch (ApiError e) {
            if (e.status() != 403 && e.status() != 404 && e.status() != 405) {
                throw failures.refused(e, token);
            }
            log.line(Texts.get("log.notListed", e.status() + " " + e.words()));
            return Optional.empty();
        } catch (TransportException e) {
            throw failures.unanswered(e);
        }
    }

    private Decision judge(PreparedArtifact.Known known, List<Artifact> conflicting) throws UploadFailure {
        Artifact first = conflicting.get(0);
        boolean one = conflicting.size() == 1;
        if (policy == IfExists.REPLACE && one) {
            return new Decision.Replace(first);
        }
        if (policy == IfExists.REUSE && one && Differences.between(known, first).isEmpty()) {
            return new Decision.Reuse(first);
        }
        List<String> lines = new ArrayList<>();
        boolean same = true;
        for (Artifact artifact : conflicting) {
            List<String> differences = Differences.between(known, artifact);
            same &= differences.isEmpty();
            lines.add(Texts.get(
                    differences.isEmpty() ? "exists.same" : "exists.differs",
                    line(artifact.id()),
                    Figures.moment(artifact.modified()),
                    line(String.join(", ", artifact.deviceTypes()))));
            differences.forEach(difference -> lines.add("  " + difference));
        }
        lines.addAll(Texts.get("why.exists." + policy).lines().toList());
        String name = line(known.header().name());
        String gist = one
                ? Texts.get(same ? "gist.exists.same" : "gist.exists.differs", name, line(first.id()))
                : Texts.get("gist.exists.several", name, conflicting.size());
        throw new UploadFailure(
                gist, Stored.NOTHING, lines.stream().map(text -> "  " + text).toList());
    }

    /**
     * Deletes an Artifact that is to be replaced.
     *
     * @throws UploadFailure when the server refuses, as it does while an unfinished deployment uses the Artifact
     */
    void delete(Artifact existing) throws UploadFailure, InterruptedException {
        try {
            api.delete(existing.id());
            log.line(Texts.get("log.deleted", line(existing.id())));
        } catch (ApiError e) {
            throw failures.notDeleted(e, token);
        } catch (TransportException e) {
            throw failures.unanswered(e);
        }
    }

    private static String line(String text) {
        return PlainText.oneLine(text, LIMIT);
    }
}
