package io.jenkins.plugins.mender.artifact;

import java.io.IOException;
import java.nio.file.Path;

/** Reads an Artifact where it lies. */
@FunctionalInterface
public interface Inspector {
    /**
     * Reads one file.
     *
     * @param file the file
     * @param full whether to check every checksum, or to look at the structure alone
     * @return what it holds
     * @throws ArtifactException when it is no Artifact, or a damaged one
     * @throws IOException when it cannot be read
     * @throws InterruptedException when the thread was interrupted
     */
    ArtifactContents inspect(ArtifactFile file, boolean full) throws IOException, InterruptedException;

    /** Reads a file of this machine; see {@link #inspect(ArtifactFile, boolean)}. */
    static ArtifactContents local(ArtifactFile file, boolean full) throws IOException {
        return ArtifactReader.read(Path.of(file.path()), full);
    }
}
