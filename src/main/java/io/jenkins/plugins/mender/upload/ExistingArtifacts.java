package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.Artifact;
import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.upload.UploadFailure.Stored;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Looks for what stands in an Artifact's way on the server, and judges it by the policy {@link IfExists}. */
final class ExistingArtifacts {
    private static final int LIMIT = 256;
    private static final int UNAUTHORIZED = 401;

    private final Conversation talk;
    private final IfExists policy;
    private final Comparison comparison;

    /** What is to be done with a file. */
    sealed interface Decision {
        /** Nothing stands in its way, as far as can be known. */
        record Send() implements Decision {}

        /** The server had it before. */
        record Reuse(Artifact existing) implements Decision {}

        /** The existing Artifact is to be deleted first. */
        record Replace(Artifact existing) implements Decision {}

        /** It was sent before, and arrived. */
        record Arrived(Artifact existing) implements Decision {}
    }

    ExistingArtifacts(Conversation talk) {
        this.talk = talk;
        this.policy = talk.options().ifExists();
        this.comparison = new Comparison(talk);
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
        try {
            List<Artifact> conflicting = conflicting(known);
            return conflicting.isEmpty() ? new Decision.Send() : judge(known, conflicting);
        } catch (ApiError e) {
            if (e.status() != 403 && e.status() != 404 && e.status() != 405) {
                throw talk.failures().refused(e, talk.token());
            }
            talk.log().line(Texts.get("log.notListed", e.status() + " " + e.words()));
            return new Decision.Send();
        } catch (TransportException e) {
            throw talk.failures().unanswered(e);
        }
    }

    /**
     * Decides what is to be done with a file that was sent before, with an outcome that nobody knows.
     *
     * @param replaced the id of the Artifact that it replaces, empty when there is none
     * @param doubt what to say when it cannot be found out: to send again could store it twice
     * @throws UploadFailure {@code doubt}, or what the policy has against the upload
     */
    Decision decideAgain(PreparedArtifact artifact, String replaced, UploadFailure doubt)
            throws UploadFailure, InterruptedException {
        Optional<Artifact> arrived = arrived(artifact, replaced, doubt);
        return arrived.isPresent() ? new Decision.Arrived(arrived.get()) : decide(artifact);
    }

    /**
     * Looks for a file that may have arrived: an Artifact of its name with its content.
     *
     * @param replaced the id of an Artifact that does not count, empty when there is none
     * @param doubt thrown when the server cannot tell
     * @return what was found, empty when it is not there
     */
    Optional<Artifact> arrived(PreparedArtifact artifact, String replaced, UploadFailure doubt)
            throws UploadFailure, InterruptedException {
        if (artifact.known().isEmpty()) {
            talk.log().line(Texts.get("log.notLookedUp.unread"));
            throw doubt.but(Stored.PERHAPS);
        }
        PreparedArtifact.Known known = artifact.known().get();
        try {
            return arrived(known, replaced, doubt);
        } catch (ApiError e) {
            if (e.status() == UNAUTHORIZED) {
                throw talk.failures().refused(e, talk.token()).but(Stored.PERHAPS);
            }
            talk.log().line(Texts.get("log.notLookedUp", FailureReport.answerLine(e)));
        } catch (TransportException e) {
            talk.log().line(Texts.get("log.notLookedUp", talk.failures().gist(e)));
        }
        throw doubt.but(Stored.PERHAPS);
    }

    private Optional<Artifact> arrived(PreparedArtifact.Known known, String replaced, UploadFailure doubt)
            throws ApiError, TransportException, UploadFailure, InterruptedException {
        for (Artifact found : conflicting(known)) {
            if (found.id().equals(replaced)) {
                continue;
            }
            Comparison.Verdict verdict = comparison.withSent(known, found);
            if (verdict.same()) {
                return Optional.of(found);
            }
            if (!verdict.told()) {
                talk.log().line(sentence("exists.unknown", found));
                throw doubt.but(Stored.PERHAPS);
            }
        }
        return Optional.empty();
    }

    private List<Artifact> conflicting(PreparedArtifact.Known known)
            throws ApiError, TransportException, InterruptedException {
        String name = known.header().name();
        return talk.retry().call(() -> talk.api().artifactsNamed(name)).stream()
                .filter(found -> isInTheWay(known, found))
                .toList();
    }

    /** An Artifact whose depends are not known counts by its device types. */
    private static boolean isInTheWay(PreparedArtifact.Known known, Artifact found) {
        return found.whole()
                ? known.conflictsWith(found)
                : found.deviceTypes().isEmpty()
                        || !Collections.disjoint(known.header().deviceTypes(), found.deviceTypes());
    }

    private Decision judge(PreparedArtifact.Known known, List<Artifact> conflicting)
            throws UploadFailure, InterruptedException {
        Artifact first = conflicting.get(0);
        boolean one = conflicting.size() == 1;
        if (policy == IfExists.REPLACE && one && first.whole()) {
            return new Decision.Replace(first);
        }
        List<String> lines = new ArrayList<>();
        boolean same = true;
        boolean told = true;
        for (Artifact artifact : conflicting) {
            Comparison.Verdict verdict = comparison.with(known, artifact);
            if (policy == IfExists.REUSE && one && verdict.same()) {
                return new Decision.Reuse(first);
            }
            same &= verdict.same();
            told &= verdict.told();
            lines.add(sentence(
                    !verdict.told() ? "exists.unknown" : verdict.same() ? "exists.same" : "exists.differs", artifact));
            verdict.differences().forEach(difference -> lines.add("  " + difference));
        }
        boolean unseen = !told || policy == IfExists.REPLACE && one;
        lines.addAll(Texts.get(unseen ? "why.exists.unknown" : "why.exists." + policy)
                .lines()
                .toList());
        String name = line(known.header().name());
        String kind = !told ? "unknown" : same ? "same" : "differs";
        String gist = one
                ? Texts.get("gist.exists." + kind, name, line(first.id()))
                : Texts.get("gist.exists.several", name, conflicting.size());
        throw new UploadFailure(
                gist, Stored.NOTHING, lines.stream().map(text -> "  " + text).toList());
    }

    private static String sentence(String key, Artifact artifact) {
        return Texts.get(
                key,
                line(artifact.id()),
                Figures.moment(artifact.modified()),
                line(String.join(", ", artifact.deviceTypes())));
    }

    /**
     * Deletes an Artifact that is to be replaced.
     *
     * @throws UploadFailure when the server refuses, as it does while an unfinished deployment uses the Artifact
     */
    void delete(Artifact existing) throws UploadFailure, InterruptedException {
        try {
            talk.retry().call(() -> {
                talk.api().delete(existing.id());
                return null;
            });
            talk.log().line(Texts.get("log.deleted", line(existing.id())));
        } catch (ApiError e) {
            throw talk.failures().notDeleted(e, talk.token());
        } catch (TransportException e) {
            throw talk.failures().unanswered(e);
        }
    }

    private static String line(String text) {
        return PlainText.oneLine(text, LIMIT);
    }
}
