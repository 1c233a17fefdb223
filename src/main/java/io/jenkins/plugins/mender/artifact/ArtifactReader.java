package io.jenkins.plugins.mender.artifact;

import io.jenkins.plugins.mender.artifact.ArtifactContents.Manifests;
import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import io.jenkins.plugins.mender.artifact.Manifest.Digesting;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.BasicArrayCache;

/**
 * Reads Artifacts of the formats 2 and 3, each in one walk from its first part to its last, in the order that the format has. What
 * is read is never more than the memory for one archive's header and one decompressor (up to 64 MiB for xz), whatever the file
 * holds. A file that cannot be an Artifact ends in an {@link ArtifactException}; any other {@link IOException} comes from the disk
 * or network. An interrupt ends the reading of a file with {@link java.nio.channels.ClosedByInterruptException}.
 */
public final class ArtifactReader {
    static final int MAX_VERSION_BYTES = 4 * 1024;
    static final int MAX_MANIFEST_BYTES = 1024 * 1024;

    /** {@code {"format":"mender","version":3}}, with the fields in any order. */
    private static final Pattern VERSION = Pattern.compile(
            "\\s*\\{(?=[^{}]*\"format\"\\s*:\\s*\"mender\")[^{}]*\"version\"\\s*:\\s*(\\d{1,9})\\b[^{}]*}\\s*");

    /** What Java puts around the words of the first failure when a class that could not be initialized is used again. */
    private static final Pattern LATER_FAILURE = Pattern.compile("^Exception [\\w.$]+: | \\[in thread \"[^\"]*\"]$");

    private final Source source;
    private final boolean full;
    private final Tar tar;
    private final Manifest manifest = new Manifest();
    private final ArrayCache dictionaries = new BasicArrayCache();
    private String part = "version";

    private ArtifactReader(Source source, boolean full) {
        this.source = source;
        this.full = full;
        this.tar = new Tar(source, "the outer tar", Long.MAX_VALUE);
    }

    /**
     * Reads the header and checks that all parts are there, whole and in order, and the checksums of all but the payloads. Either
     * passes over the payloads, which takes as long for a large file as for a small one, or reads them too.
     *
     * @param file the Artifact
     * @param full whether to read the whole file and check every checksum
     * @return what it holds; where that is not read, of each payload the size of the first file alone is known
     * @throws ArtifactException when it is no Artifact, or a damaged one
     * @throws IOException when the file cannot be read
     */
    public static ArtifactContents read(Path file, boolean full) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            return read(channel, full);
        }
    }

    /** As {@link #read(Path, boolean)}; the channel stays open. */
    static ArtifactContents read(SeekableByteChannel file, boolean full) throws IOException {
        return new ArtifactReader(new Source(file), full).walk(ArtifactReader::contents);
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
        return new ArtifactReader(new Source(in), true).walk(ArtifactReader::contents);
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
        return new ArtifactReader(source, false).walk(reader -> reader.manifests(reader.version()));
    }

    /** A way through an Artifact. */
    private interface Way<T> {
        T go(ArtifactReader reader) throws IOException;
    }

    private <T> T walk(Way<T> way) throws IOException {
        try {
            return way.go(this);
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            // the libraries answer garbage with whatever comes to hand; a lack of memory is that of one large
            // dictionary
            throw source.failure == null ? explain(e) : source.failure;
        }
    }

    private ArtifactException explain(Throwable e) {
        if (e instanceof ArtifactException artifact) {
            return artifact;
        }
        if (Compression.isBeyondThisMachine(e)) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            String words = LATER_FAILURE.matcher(words(root)).replaceAll("");
            return new ArtifactException(Problem.UNREADABLE_HERE, part, words);
        }
        return source.ended
                ? new ArtifactException(Problem.TRUNCATED, part, "")
                : new ArtifactException(Problem.MALFORMED, part, words(e));
    }

    private static String words(Throwable e) {
        String ownWords =
                e instanceof EOFException ? "it ends too early" : e.getClass().getSimpleName();
        return e.getMessage() == null
                ? ownWords
                : e.getMessage().lines().findFirst().orElse(ownWords);
    }

    private ArtifactContents contents() throws IOException {
        String version = version();
        Manifests manifests = manifests(version);
        Compression compression = compression("header.tar");
        HeaderArchive header = header(compression, false);
        HeaderArchive more = new HeaderArchive("", true);
        if (!manifests.augment().isEmpty()) {
            require("header-augment.tar");
            if (compression("header-augment.tar") != compression) {
                throw new ArtifactException(Problem.MISPLACED, part, "header-augment.tar" + compression.suffix());
            }
            more = header(compression, true);
            if (!header.knowsThoseOf(more)) {
                throw new ArtifactException(Problem.MALFORMED, part, "the header knows no such payload");
            }
        }
        List<Payload> payloads = payloads(header, more);
        long size = source.size < Long.MAX_VALUE
                ? source.size
                : source.position + source.transferTo(OutputStream.nullOutputStream());
        return new ArtifactContents(
                version,
                header.headerInfo(),
                more.headerInfo(),
                manifests,
                compression,
                header.scripts(),
                payloads,
                full,
                size);
    }

    private String version() throws IOException {
        boolean begun = false;
        try {
            begun = tar.next() && tar.name().equals(part);
        } catch (IOException | RuntimeException e) {
            if (source.failure != null) {
                throw e;
            }
        }
        if (!begun) {
            throw new ArtifactException(Problem.NOT_AN_ARTIFACT, "", "");
        }
        checkWhole();
        return new String(tar.bytes(MAX_VERSION_BYTES), StandardCharsets.UTF_8);
    }

    private int format(String version) throws ArtifactException {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            throw new ArtifactException(Problem.NOT_AN_ARTIFACT, "", "");
        }
        int format = Integer.parseInt(matcher.group(1));
        if (format != 2 && format != 3) {
            throw new ArtifactException(Problem.UNKNOWN_FORMAT, part, String.valueOf(format));
        }
        return format;
    }

    /** Goes on to the header and {@return what stands before it}. */
    private Manifests manifests(String version) throws IOException {
        int format = format(version);
        require("manifest");
        if (!part.equals("manifest")) {
            throw new ArtifactException(Problem.MISPLACED, part, "manifest");
        }
        String sum = manifest.add(part, tar.bytes(MAX_MANIFEST_BYTES), format);
        manifest.check("version", Manifest.sha256(version.getBytes(StandardCharsets.UTF_8)));
        require("header.tar");
        String signature = "";
        if (part.equals("manifest.sig")) {
            signature = Manifest.sha256(tar.bytes(MAX_MANIFEST_BYTES));
            require("header.tar");
        }
        String augment = "";
        if (format > 2 && part.equals(Manifest.AUGMENT)) {
            augment = manifest.add(part, tar.bytes(MAX_MANIFEST_BYTES), format);
            require("header.tar");
        }
        return new Manifests(sum, signature, augment, manifest.sums());
    }

    /** Goes to the next part; that it is the expected one is for the caller to check. */
    private void require(String expected) throws IOException {
        if (!next(expected)) {
            throw new ArtifactException(tar.complete() ? Problem.MISSING : Problem.TRUNCATED, expected, "");
        }
    }

    private boolean next(String expected) throws IOException {
        part = expected;
        if (!tar.next()) {
            return false;
        }
        part = tar.name();
        if (tar.directory()) {
            throw new ArtifactException(Problem.MISPLACED, part, expected);
        }
        checkWhole();
        return true;
    }

    /** Looks at the end of a part before reading it, which may take minutes. */
    private void checkWhole() throws ArtifactException {
        if (tar.end() > source.size) {
            throw new ArtifactException(Problem.TRUNCATED, tar.name(), String.valueOf(tar.end() - source.size));
        }
    }

    private Compression compression(String archive) throws ArtifactException {
        return Compression.of(part, archive).orElseThrow(() -> new ArtifactException(Problem.MISPLACED, part, archive));
    }

    private HeaderArchive header(Compression compression, boolean augmented) throws IOException {
        manifest.expect(part);
        if (tar.size() > HeaderArchive.MAX_BYTES) {
            throw new ArtifactException(Problem.TOO_LARGE, part, HeaderArchive.MAX_BYTES + " bytes");
        }
        HeaderArchive header = new HeaderArchive(part, augmented);
        Digesting raw = new Digesting(tar.content());
        try (InputStream in = compression.open(raw, dictionaries)) {
            header.read(in);
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            // that the bytes are wrong says more than what came of it
            manifest.check(part, raw.drain());
            if (Compression.isBeyondThisMachine(e)) {
                passOverTheRest();
            }
            throw e;
        }
        manifest.check(part, raw.drain());
        return header;
    }

    /** A file that is cut short is found also where its header cannot be read. */
    private void passOverTheRest() throws IOException {
        String unread = part;
        while (next(Manifest.folder(0) + ".tar")) {
            // next() looks at the end of each part
        }
        part = unread;
    }

    private List<Payload> payloads(HeaderArchive header, HeaderArchive more) throws IOException {
        manifest.checkPayloads(header.payloads());
        PayloadArchives archives = new PayloadArchives(manifest, dictionaries, header.payloads());
        while (next(Manifest.folder(0) + ".tar")) {
            archives.read(tar, full);
        }
        List<String> missing = manifest.missing();
        if (!missing.isEmpty()) {
            Problem problem = tar.complete() ? Problem.MISSING : Problem.TRUNCATED;
            throw new ArtifactException(problem, String.join(", ", missing), "");
        }
        return archives.payloads(header, more);
    }

    /**
     * The bytes of an Artifact as they come; of a file, what is passed over is not read. Remembers whether they ended or failed, to
     * tell a cut file from a broken one and both from a broken disk.
     */
    private static final class Source extends InputStream {
        /** Small, for it is filled again behind each payload that is passed over; larger reads go past it. */
        private static final int BUFFER_BYTES = 8 * 1024;

        /** Null for a stream. */
        private final SeekableByteChannel file;

        /** The number of bytes in all; of a stream, where that is not known beforehand, {@link Long#MAX_VALUE}. */
        private final long size;

        private InputStream in;
        private long position;

        /** Whether more was asked for than there is. */
        private boolean ended;

        /** What went wrong with the disk or the network; null when nothing did. */
        private IOException failure;

        Source(InputStream in) {
            this.file = null;
            this.size = Long.MAX_VALUE;
            this.in = new BufferedInputStream(in, BUFFER_BYTES);
        }

        Source(SeekableByteChannel file) throws IOException {
            this.file = file;
            this.size = file.size();
            this.in = new BufferedInputStream(Channels.newInputStream(file), BUFFER_BYTES);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                int read = in.read(buffer, offset, length);
                ended |= read < 0;
                position += Math.max(0, read);
                return read;
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public long skip(long bytes) throws IOException {
            long step = Math.min(bytes, size - position);
            if (file == null || step < BUFFER_BYTES) {
                return super.skip(step);
            }
            try {
                file.position(position + step);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
            position += step;
            in = new BufferedInputStream(Channels.newInputStream(file), BUFFER_BYTES);
            return step;
        }
    }
}
