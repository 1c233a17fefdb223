package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ArtifactFile;
import io.jenkins.plugins.mender.artifact.ArtifactContents;
import io.jenkins.plugins.mender.artifact.ArtifactException;
import io.jenkins.plugins.mender.artifact.ArtifactReader;
import java.io.IOException;
import java.nio.file.Path;

/** Reads an Artifact where it lies. */
@FunctionalInterface
public interface Inspector {
    /**
     * Reads one file.
     *
     * @param file the file
     * @param verify {@link Verify#FULL} to check every checksum; the other two look at the structure
     * @return what it holds
     * @throws ArtifactException when it is no Artifact, or a damaged one
     * @throws IOException when it cannot be read
     * @throws InterruptedException when the thread was interrupted
     */
    ArtifactContents inspect(ArtifactFile file, Verify verify) throws IOException, InterruptedException;

    /** Reads a file of this machine; see {@link #inspect(ArtifactFile, Verify)}. */
    static ArtifactContents local(ArtifactFile file, Verify verify) throws IOException {
        Path path = Path.of(file.path());
        return verify == Verify.FULL ? ArtifactReader.full(path) : ArtifactReader.structure(path);
    }
}
