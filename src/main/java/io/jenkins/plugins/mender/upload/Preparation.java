package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ArtifactHeader;
import io.jenkins.plugins.mender.artifact.ArtifactContents;
import io.jenkins.plugins.mender.artifact.ArtifactException;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.artifact.Inspector;
import io.jenkins.plugins.mender.upload.UploadOptions.Verify;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and checks every file before anything is sent. */
public final class Preparation {
    /** Longest description in bytes: beyond it servers answer 500 after the whole upload. */
    private static final int DESCRIPTION_BYTES = 4096;

    /** Largest file in bytes; servers can be told otherwise. */
    private static final long FILE_BYTES = 10L * 1024 * 1024 * 1024;

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
     * A file that is ready to be sent, and what is known of it.
     *
     * @param file the file
     * @param known what it holds; empty when it could not be read and need not be
     */
    public record PreparedArtifact(ArtifactFile file, Optional<Known> known) {

        /** {@return the Artifact's name, or empty text when it is not known} */
        public String name() {
            return known.map(k -> k.header().name()).orElse("");
        }

        /** {@return the device types it is for; none when they are not known} */
        List<String> deviceTypes() {
            return known.map(k -> k.header().deviceTypes()).orElse(List.of());
        }
    }

    /**
     * What an Artifact holds.
     *
     * @param header what its header says
     * @param contents its payloads and parts
     */
    public record Known(ArtifactHeader header, ArtifactContents contents) {

        /**
         * Reads the documents of an Artifact.
         *
         * @throws IllegalArgumentException when one of them does not make sense
         */
        static Known of(ArtifactContents contents) {
            return new Known(ArtifactHeader.of(contents), contents);
        }

        /** {@return whether another file is the same} Its manifests vouch for all but how the parts are laid out. */
        boolean isCopyOf(Known other) {
            return contents.size() == other.contents.size()
                    && contents.manifests().equals(other.contents.manifests());
        }

        /**
         * {@return whether an Artifact of this name and with these depends would conflict with this one} The server's unique
         * index is the name and one full combination of depends. Two Artifacts share a combination when they depend on the
         * same properties and have a value in common for each.
         */
        boolean conflictsWith(String name, Map<String, List<String>> depends) {
            return header.name().equals(name)
                    && header.depends().keySet().equals(depends.keySet())
                    && header.depends().entrySet().stream()
                            .noneMatch(entry -> Collections.disjoint(entry.getValue(), depends.get(entry.getKey())));
        }
    }

    /**
     * Reads all files.
     *
     * @param files the files, at least one
     * @return each with what is known of it, in the same order; of copies the first alone
     * @throws UploadFailure when one of them cannot be uploaded, or two of them not both
     * @throws InterruptedException when the thread was interrupted
     */
    public List<PreparedArtifact> prepare(List<ArtifactFile> files) throws UploadFailure, InterruptedException {
        int described = options.description().getBytes(StandardCharsets.UTF_8).length;
        if (described > DESCRIPTION_BYTES) {
            throw nothingUploaded(Texts.get("gist.description", described, DESCRIPTION_BYTES), "");
        }
        List<PreparedArtifact> prepared = new ArrayList<>();
        for (ArtifactFile file : files) {
            prepared.add(new PreparedArtifact(file, read(file)));
        }
        return checkAmong(prepared);
    }

    private Optional<Known> read(ArtifactFile file) throws UploadFailure, InterruptedException {
        String name = Texts.line(file.name());
        try {
            Known known = Known.of(inspector.inspect(file, options.verify() == Verify.FULL));
            Optional<String> refusal = ServerRules.refusal(name, known);
            if (refusal.isPresent()) {
                refuse(refusal.get(), Texts.get("why.refused"));
            }
            ServerRules.doubts(name, known).forEach(log::line);
            if (file.size() > FILE_BYTES) {
                log.line(Texts.get("log.largeFile", name, Texts.size(file.size()), Texts.size(FILE_BYTES)));
            }
            return Optional.of(known);
        } catch (ArtifactException e) {
            tellUnread(name, e);
        } catch (IllegalArgumentException e) {
            refuse(Texts.get("gist.document", name, Texts.line(e.getMessage())), "");
        } catch (IOException e) {
            throw nothingUploaded(Texts.get("gist.unreadable", name, Texts.line(e.getMessage())), "");
        }
        return Optional.empty();
    }

    /** A check that cannot be made is no failure, unless it was asked for: the server makes it in any case. */
    private void tellUnread(String name, ArtifactException e) throws UploadFailure {
        String gist = Texts.get("gist.artifact." + e.problem(), name, Texts.line(e.part()), Texts.line(e.detail()));
        if (e.problem() == ArtifactException.Problem.UNREADABLE_HERE && options.verify() == Verify.STRUCTURE) {
            log.line(Texts.get("log.notChecked", gist));
        } else {
            String why = "why.artifact." + e.problem();
            refuse(gist, Texts.get(Texts.has(why) ? why : "why.artifact.damaged"));
        }
    }

    private void refuse(String gist, String why) throws UploadFailure {
        if (options.verify() != Verify.NONE) {
            throw nothingUploaded(gist, why);
        }
        log.line(Texts.get("log.notVerified", gist));
    }

    /** Leaves out copies: builds of Yocto keep some, and hard links are some. Others of one name for one device cannot all be stored. */
    private List<PreparedArtifact> checkAmong(List<PreparedArtifact> prepared) throws UploadFailure {
        List<PreparedArtifact> before = new ArrayList<>();
        for (PreparedArtifact one : prepared) {
            if (one.known().isEmpty()) {
                before.add(one);
                continue;
            }
            Known known = one.known().get();
            Optional<PreparedArtifact> original = before.stream()
                    .filter(other -> other.known().filter(known::isCopyOf).isPresent())
                    .findFirst();
            if (original.isPresent()) {
                log.line(Texts.get(
                        "log.copy",
                        Texts.line(one.file().name()),
                        Texts.line(original.get().file().name())));
                continue;
            }
            ArtifactHeader header = known.header();
            for (PreparedArtifact other : before) {
                if (other.known().isPresent() && other.known().get().conflictsWith(header.name(), header.depends())) {
                    throw nothingUploaded(
                            Texts.get(
                                    "gist.twice",
                                    Texts.line(other.file().name()),
                                    Texts.line(one.file().name()),
                                    Texts.line(header.name())),
                            Texts.get("why.twice"));
                }
            }
            before.add(one);
        }
        return before;
    }

    private static UploadFailure nothingUploaded(String gist, String why) {
        return new UploadFailure(gist, UploadFailure.Stored.NOTHING, FailureReport.lines(why));
    }
}
