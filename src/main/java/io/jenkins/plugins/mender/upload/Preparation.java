package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.artifact.ArtifactContents;
import io.jenkins.plugins.mender.artifact.ArtifactException;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.artifact.Inspector;
import io.jenkins.plugins.mender.http.PlainText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and checks every file before anything is sent. */
public final class Preparation {
    /** Longest description in bytes: beyond it servers answer 500 after the whole upload. */
    private static final int DESCRIPTION_BYTES = 4096;

    /** Largest file in bytes; servers can be told otherwise. */
    private static final long FILE_BYTES = 10L * 1024 * 1024 * 1024;

    private static final int LIMIT = 256;

    private final Inspector inspector;
    private final UploadOptions options;
    private final UploadLog log;

    /**
     * Creates the preparation.
     *
     * @param inspector reads the files
     * @param options how to upload
     * @param log where to tell of what is doubtful
     */
    public Preparation(Inspector inspector, UploadOptions options, UploadLog log) {
        this.inspector = inspector;
        this.options = options;
        this.log = log;
    }

    /**
     * Reads all files.
     *
     * @param files the files, at least one
     * @return each with what is known of it, in the same order
     * @throws UploadFailure when one of them cannot be uploaded, or two of them not both
     * @throws InterruptedException when the thread was interrupted
     */
    public List<PreparedArtifact> prepare(List<ArtifactFile> files) throws UploadFailure, InterruptedException {
        int described = options.description().getBytes(StandardCharsets.UTF_8).length;
        if (described > DESCRIPTION_BYTES) {
            throw nothingUploaded(Texts.get("gist.description", described, DESCRIPTION_BYTES), List.of());
        }
        List<PreparedArtifact> prepared = new ArrayList<>();
        for (ArtifactFile file : files) {
            prepared.add(prepare(file));
        }
        checkAmong(prepared);
        return prepared;
    }

    private PreparedArtifact prepare(ArtifactFile file) throws UploadFailure, InterruptedException {
        String name = PlainText.oneLine(file.name(), LIMIT);
        try {
            ArtifactContents contents = inspector.inspect(file, options.verify() == Verify.FULL);
            PreparedArtifact.Known known = PreparedArtifact.Known.of(contents);
            Optional<String> refusal = ServerRules.refusal(name, known);
            if (refusal.isPresent()) {
                refuse(refusal.get(), FailureReport.lines(Texts.get("why.refused")));
            }
            ServerRules.doubts(name, known).forEach(log::line);
            if (file.size() > FILE_BYTES) {
                log.line(Texts.get("log.largeFile", name, Figures.size(file.size()), Figures.size(FILE_BYTES)));
            }
            return new PreparedArtifact(file, Optional.of(known));
        } catch (ArtifactException e) {
            return unread(file, name, e);
        } catch (IllegalArgumentException e) {
            String detail = PlainText.oneLine(String.valueOf(e.getMessage()), LIMIT);
            refuse(Texts.get("gist.document", name, detail), List.of());
            return new PreparedArtifact(file, Optional.empty());
        } catch (IOException e) {
            String detail = PlainText.oneLine(String.valueOf(e.getMessage()), LIMIT);
            throw nothingUploaded(Texts.get("gist.unreadable", name, detail), List.of());
        }
    }

    /** A check that cannot be made is no failure, unless it was asked for: the server makes it in any case. */
    private PreparedArtifact unread(ArtifactFile file, String name, ArtifactException e) throws UploadFailure {
        String gist = Texts.get(
                "gist.artifact." + e.problem(),
                name,
                PlainText.oneLine(e.part(), LIMIT),
                PlainText.oneLine(e.detail(), LIMIT));
        if (e.problem() == ArtifactException.Problem.UNREADABLE_HERE && options.verify() == Verify.STRUCTURE) {
            log.line(Texts.get("log.notChecked", gist));
        } else {
            String why = "why.artifact." + e.problem();
            refuse(gist, FailureReport.lines(Texts.get(Texts.has(why) ? why : "why.artifact.damaged")));
        }
        return new PreparedArtifact(file, Optional.empty());
    }

    private void refuse(String gist, List<String> explanation) throws UploadFailure {
        if (options.verify() != Verify.NONE) {
            throw nothingUploaded(gist, explanation);
        }
        log.line(Texts.get("log.notVerified", gist));
    }

    private static void checkAmong(List<PreparedArtifact> prepared) throws UploadFailure {
        for (int i = 0; i < prepared.size(); i++) {
            for (int j = 0; j < i; j++) {
                Optional<PreparedArtifact.Known> one = prepared.get(j).known();
                Optional<PreparedArtifact.Known> other = prepared.get(i).known();
                if (one.isPresent() && other.isPresent() && one.get().conflictsWith(other.get())) {
                    throw nothingUploaded(
                            Texts.get(
                                    "gist.twice",
                                    PlainText.oneLine(prepared.get(j).file().name(), LIMIT),
                                    PlainText.oneLine(prepared.get(i).file().name(), LIMIT),
                                    PlainText.oneLine(one.get().header().name(), LIMIT)),
                            FailureReport.lines(Texts.get("why.twice")));
                }
            }
        }
    }

    private static UploadFailure nothingUploaded(String gist, List<String> explanation) {
        return new UploadFailure(gist, UploadFailure.Stored.NOTHING, explanation);
    }
}
