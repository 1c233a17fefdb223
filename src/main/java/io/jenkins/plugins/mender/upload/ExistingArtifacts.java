package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.Artifact;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.upload.Preparation.Known;
import io.jenkins.plugins.mender.upload.Preparation.PreparedArtifact;
import io.jenkins.plugins.mender.upload.UploadFailure.Stored;
import io.jenkins.plugins.mender.upload.UploadOptions.IfExists;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Looks for what stands in an Artifact's way on the server, and judges it by the policy {@link IfExists}. */
final class ExistingArtifacts {
    private final UploadSession session;
    private final IfExists policy;
    private final Comparison comparison;

    /**
     * What is to be done with a file.
     *
     * @param outcome what it is to come to; {@link Outcome#UPLOADED} when nothing stands in its way, as far as can be known
     * @param existing the server's Artifact that is to be reused or replaced, or is the file itself; null when there is none
     */
    record Decision(Outcome outcome, Artifact existing) {
        static final Decision SEND = new Decision(Outcome.UPLOADED, null);
    }

    ExistingArtifacts(UploadSession session) {
        this.session = session;
        this.policy = session.options.ifExists();
        this.comparison = new Comparison(session);
    }

    /**
     * Decides what is to be done with a file: before it is sent, and again when the server found a conflict (409) all the
     * same. Judged by what the server holds, never by its words.
     *
     * @throws UploadFailure when the policy does not allow the upload, or the server could not be asked
     */
    Decision decide(PreparedArtifact artifact) throws UploadFailure, InterruptedException {
        if (artifact.known().isEmpty()) {
            return Decision.SEND;
        }
        Known known = artifact.known().get();
        try {
            List<Artifact> conflicting = conflicting(known);
            return conflicting.isEmpty() ? Decision.SEND : judge(known, conflicting);
        } catch (ApiError e) {
            if (e.status() != 403 && e.status() != 404 && e.status() != 405) {
                throw session.failures.refused(e);
            }
            session.tell("log.notListed", e.status() + " " + e.words());
            return Decision.SEND;
        } catch (TransportException e) {
            throw session.failures.unanswered(e);
        }
    }

    /**
     * Looks for a file that may have arrived: an Artifact of its name with its content.
     *
     * @param replaced the id of an Artifact that does not count, empty when there is none
     * @param doubt what to say when the server cannot tell: to send the file again could store it twice
     * @return what was found, empty when it is not there
     * @throws UploadFailure {@code doubt}, or that the token was refused
     */
    Optional<Artifact> arrived(PreparedArtifact artifact, String replaced, UploadFailure doubt)
            throws UploadFailure, InterruptedException {
        if (artifact.known().isEmpty()) {
            session.tell("log.notLookedUp.unread");
            throw doubt.but(Stored.PERHAPS);
        }
        Known known = artifact.known().get();
        try {
            for (Artifact found : conflicting(known)) {
                if (found.id().equals(replaced)) {
                    continue;
                }
                Optional<List<String>> differences = comparison.differences(known, found, true);
                if (differences.isEmpty()) {
                    session.log.line(sentence("exists.unknown", found));
                    throw doubt.but(Stored.PERHAPS);
                }
                if (differences.get().isEmpty()) {
                    return Optional.of(found);
                }
            }
            return Optional.empty();
        } catch (ApiError e) {
            if (e.status() == 401) {
                throw session.failures.refused(e).but(Stored.PERHAPS);
            }
            session.tell("log.notLookedUp", FailureReport.answerLine(e));
        } catch (TransportException e) {
            session.tell("log.notLookedUp", session.failures.gist(e));
        }
        throw doubt.but(Stored.PERHAPS);
    }

    private List<Artifact> conflicting(Known known) throws ApiError, TransportException, InterruptedException {
        String name = known.header().name();
        return session.retry.call(() -> session.api.artifactsNamed(name)).stream()
                .filter(found -> isInTheWay(known, found))
                .toList();
    }

    /** An Artifact whose depends are not known counts by its device types. */
    private static boolean isInTheWay(Known known, Artifact found) {
        return found.whole()
                ? known.conflictsWith(found.name(), found.depends())
                : found.deviceTypes().isEmpty()
                        || !Collections.disjoint(known.header().deviceTypes(), found.deviceTypes());
    }

    private Decision judge(Known known, List<Artifact> conflicting) throws UploadFailure, InterruptedException {
        Artifact first = conflicting.get(0);
        boolean one = conflicting.size() == 1;
        boolean own = one && session.own.contains(first.id());
        if (policy == IfExists.REPLACE && one && !own && first.whole()) {
            return new Decision(Outcome.REPLACED, first);
        }
        List<String> lines = new ArrayList<>();
        String kind = "";
        boolean told = true;
        for (Artifact artifact : conflicting) {
            Optional<List<String>> differences = comparison.differences(known, artifact, false);
            kind = differences.map(all -> all.isEmpty() ? "same" : "differs").orElse("unknown");
            if ((policy == IfExists.REUSE || own) && one && kind.equals("same")) {
                return new Decision(Outcome.REUSED, first);
            }
            if (policy == IfExists.REPLACE && own && first.whole()) {
                return new Decision(Outcome.REPLACED, first);
            }
            told &= differences.isPresent();
            lines.add("  " + sentence("exists." + kind, artifact));
            differences.orElse(List.of()).forEach(difference -> lines.add("    " + difference));
        }
        boolean unseen = !told || policy == IfExists.REPLACE && one;
        lines.addAll(FailureReport.lines(Texts.get("why.exists." + (unseen ? "unknown" : policy))));
        String name = Texts.line(known.header().name());
        String gist = one
                ? Texts.get("gist.exists." + kind, name, Texts.line(first.id()))
                : Texts.get("gist.exists.several", name, conflicting.size());
        throw new UploadFailure(gist, Stored.NOTHING, lines);
    }

    private static String sentence(String key, Artifact artifact) {
        return Texts.get(
                key,
                Texts.line(artifact.id()),
                Texts.moment(artifact.modified()),
                Texts.line(String.join(", ", artifact.deviceTypes())));
    }
}
