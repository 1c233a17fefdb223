package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.Artifact;
import io.jenkins.plugins.mender.api.StorageException;
import io.jenkins.plugins.mender.api.StorageException.Problem;
import io.jenkins.plugins.mender.artifact.ArtifactContents.Manifests;
import io.jenkins.plugins.mender.artifact.ArtifactException;
import io.jenkins.plugins.mender.artifact.ArtifactReader;
import io.jenkins.plugins.mender.http.PlainText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Compares a file with what the server holds: by the manifest of the stored file, which vouches for every byte that matters to
 * a device, or, where that cannot be read, by what the server lists. The log says which of the two it was.
 */
final class Comparison {
    private static final int LIMIT = 256;

    /** What is read of a stored file at least; the manifest of one with some hundred payload files fits. */
    private static final int LEAST_BYTES = 64 * 1024;

    private static final int MOST_BYTES = 4 * 1024 * 1024;

    /** Room for the names and sizes of the parts, and for the signature. */
    private static final int ROOM_BYTES = 16 * 1024;

    private final Conversation talk;

    /** Why the storage is not asked any more in this step: each time would cost as long as the first. Empty before that. */
    private String outOfReach = "";

    /**
     * What came of it.
     *
     * @param told whether there was anything to compare with
     * @param differences what differs, a sentence for each
     */
    record Verdict(boolean told, List<String> differences) {
        boolean same() {
            return told && differences.isEmpty();
        }
    }

    Comparison(Conversation talk) {
        this.talk = talk;
    }

    /** Compares a file with an Artifact that may come from anywhere. */
    Verdict with(PreparedArtifact.Known file, Artifact artifact) throws InterruptedException {
        return compare(file, artifact, false);
    }

    /** Compares a file that was sent with an Artifact that may be what arrived: what is not listed is no difference then. */
    Verdict withSent(PreparedArtifact.Known file, Artifact artifact) throws InterruptedException {
        return compare(file, artifact, true);
    }

    private Verdict compare(PreparedArtifact.Known file, Artifact artifact, boolean sent) throws InterruptedException {
        String id = PlainText.oneLine(artifact.id(), LIMIT);
        String reason = outOfReach;
        if (reason.isEmpty()) {
            try {
                Optional<Manifests> stored = stored(file, artifact);
                talk.log().line(Texts.get("log.compared.manifest", id));
                return new Verdict(true, Differences.byManifest(file, artifact, stored));
            } catch (StorageException e) {
                reason = reason(e);
                outOfReach = e.problem() == Problem.UNANSWERED ? reason : "";
            } catch (IOException e) {
                reason = Texts.get("storage.UNREADABLE");
            }
        }
        talk.log().line(Texts.get("log.compared.list", id, reason));
        return artifact.whole()
                ? new Verdict(true, sent ? Differences.listed(file, artifact) : Differences.byList(file, artifact))
                : new Verdict(false, List.of());
    }

    /** {@return the manifests of a stored file; empty when they are far longer than those of the file here} */
    private Optional<Manifests> stored(PreparedArtifact.Known file, Artifact artifact)
            throws StorageException, IOException, InterruptedException {
        int bytes = Math.min(
                MOST_BYTES, Math.max(LEAST_BYTES, 2 * bytes(file.contents().manifests())));
        byte[] beginning = talk.api().beginning(artifact.id(), bytes);
        try {
            return Optional.of(ArtifactReader.manifests(beginning));
        } catch (ArtifactException e) {
            if (e.problem() == ArtifactException.Problem.TRUNCATED && beginning.length >= bytes) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static int bytes(Manifests manifests) {
        return ROOM_BYTES
                + manifests.sums().entrySet().stream()
                        .mapToInt(line -> line.getKey().getBytes(StandardCharsets.UTF_8).length
                                + line.getValue().length()
                                + "  \n".length())
                        .sum();
    }

    private static String reason(StorageException e) {
        return e.unanswered()
                .map(exchange -> FailureReport.gist(e.storage(), exchange))
                .orElseGet(() -> Texts.get("storage." + e.problem(), e.storage(), e.detail()));
    }
}
