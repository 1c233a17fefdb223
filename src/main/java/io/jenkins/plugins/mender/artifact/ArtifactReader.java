package io.jenkins.plugins.mender.artifact;

import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Reads Artifacts of the formats 2 and 3. What is read is never more than the memory for one archive's header and one
 * decompressor (up to 64 MiB for xz), whatever the file holds. A file that cannot be an Artifact ends in an {@link
 * ArtifactException}; any other {@link IOException} comes from the disk or network. An interrupt ends the reading of a file with
 * {@link java.nio.channels.ClosedByInterruptException}.
 */
public final class ArtifactReader {
    /** What Java puts around the words of the first failure when a class that could not be initialized is used again. */
    private static final Pattern LATER_FAILURE = Pattern.compile("^Exception [\\w.$]+: | \\[in thread \"[^\"]*\"]$");

    private ArtifactReader() {}

    /**
     * Reads the header and passes over the payloads: checks that all parts are there, whole and in order, and the checksums of
     * all but the payloads. Takes as long for a large file as for a small one.
     *
     * @param file the Artifact
     * @return what it holds; of each payload the size of the first file alone is known
     * @throws ArtifactException when it is no Artifact, or a damaged one
     * @throws IOException when the file cannot be read
     */
    public static ArtifactContents structure(Path file) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            return structure(channel);
        }
    }

    /** As {@link #structure(Path)}; the channel stays open. */
    static ArtifactContents structure(SeekableByteChannel file) throws IOException {
        return read(new FileSource(file), false);
    }

    /**
     * Reads the whole file and checks every checksum.
     *
     * @param file the Artifact
     * @return what it holds
     * @throws ArtifactException when it is no Artifact, or a damaged one
     * @throws IOException when the file cannot be read
     */
    public static ArtifactContents full(Path file) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            return full(channel);
        }
    }

    /** As {@link #full(Path)}; the channel stays open. */
    static ArtifactContents full(SeekableByteChannel file) throws IOException {
        return read(new FileSource(file), true);
    }

    /**
     * Reads a whole Artifact as it comes, to the end of the stream, and checks every checksum.
     *
     * @param in the file's bytes; not closed
     * @return what it holds
     * @throws ArtifactException when it is no Artifact, or a damaged one
     * @throws IOException when the stream cannot be read
     */
    public static ArtifactContents read(InputStream in) throws IOException {
        return read(new Source(in), true);
    }

    /**
     * Reads what stands before an Artifact's header.
     *
     * @param beginning the first bytes of the file, up to the begin of its header or more
     * @return the manifests
     * @throws ArtifactException when it is no Artifact, or a damaged one; {@code TRUNCATED} when the bytes do not suffice
     * @throws IOException never for another reason
     */
    public static Manifests manifests(byte[] beginning) throws IOException {
        Source source = new Source(new ByteArrayInputStream(beginning));
        return walk(source, new ArtifactWalk(source, false), ArtifactWalk::manifests);
    }

    private static ArtifactContents read(Source source, boolean full) throws IOException {
        return walk(source, new ArtifactWalk(source, full), ArtifactWalk::read);
    }

    /** A way through an Artifact. */
    private interface Way<T> {
        T go(ArtifactWalk walk) throws IOException;
    }

    private static <T> T walk(Source source, ArtifactWalk walk, Way<T> way) throws IOException {
        try {
            return way.go(walk);
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            // the libraries answer garbage with whatever comes to hand; a lack of memory is that of one large
            // dictionary
            throw source.failure() == null ? explain(e, source, walk.part()) : source.failure();
        }
    }

    private static ArtifactException explain(Throwable e, Source source, String part) {
        if (e instanceof ArtifactException artifact) {
            return artifact;
        }
        if (Decompressor.isBeyondThisMachine(e)) {
            String words = LATER_FAILURE.matcher(words(rootCause(e))).replaceAll("");
            return new ArtifactException(Problem.UNREADABLE_HERE, part, words);
        }
        if (source.ended()) {
            return new ArtifactException(Problem.TRUNCATED, part, "");
        }
        return new ArtifactException(Problem.MALFORMED, part, words(e));
    }

    private static Throwable rootCause(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String words(Throwable e) {
        String ownWords =
                e instanceof EOFException ? "it ends too early" : e.getClass().getSimpleName();
        return e.getMessage() == null
                ? ownWords
                : e.getMessage().lines().findFirst().orElse(ownWords);
    }
}
