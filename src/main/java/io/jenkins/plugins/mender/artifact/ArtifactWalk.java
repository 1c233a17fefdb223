package io.jenkins.plugins.mender.artifact;

import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One walk through an Artifact, from its first part to its last, in the order that the format has. */
final class ArtifactWalk {
    static final int MAX_VERSION_BYTES = 4 * 1024;
    static final int MAX_MANIFEST_BYTES = 1024 * 1024;

    /** {@code {"format":"mender","version":3}}, with the fields in any order. */
    private static final Pattern VERSION = Pattern.compile(
            "\\s*\\{(?=[^{}]*\"format\"\\s*:\\s*\"mender\")[^{}]*\"version\"\\s*:\\s*(\\d{1,9})\\b[^{}]*}\\s*");

    private final Source source;
    private final boolean full;
    private final Tar tar;
    private final Manifest manifest = new Manifest();
    private final Decompressor decompressor = new Decompressor();
    private String part = "version";

    /**
     * Begins at the first byte.
     *
     * @param source the Artifact's bytes
     * @param full whether to read the payloads too
     */
    ArtifactWalk(Source source, boolean full) {
        this.source = source;
        this.full = full;
        this.tar = new Tar(source, "the outer tar", Long.MAX_VALUE);
    }

    /** {@return the part that is being read} */
    String part() {
        return part;
    }

    /** Walks and {@return what there was}. */
    ArtifactContents read() throws IOException {
        String version = version();
        Manifests manifests = manifests(version);
        boolean augmented = !manifests.augment().isEmpty();
        Compression compression = compression("header.tar");
        HeaderArchive header = header(compression, false);
        HeaderArchive more = new HeaderArchive("", true);
        if (augmented) {
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
        return new ArtifactContents(
                version,
                header.headerInfo(),
                more.headerInfo(),
                manifests,
                compression,
                header.scripts(),
                payloads,
                full,
                size());
    }

    /** Walks to the header and {@return what stands before it}. */
    Manifests manifests() throws IOException {
        return manifests(version());
    }

    private Manifests manifests(String version) throws IOException {
        int format = format(version);
        require("manifest");
        String sum = manifest(format);
        manifest.check("version", Digesting.of(version.getBytes(StandardCharsets.UTF_8)));
        require("header.tar");
        String signature = "";
        if (part.equals("manifest.sig")) {
            signature = Digesting.of(tar.bytes(MAX_MANIFEST_BYTES));
            require("header.tar");
        }
        String augment = "";
        if (format > 2 && part.equals(Manifest.AUGMENT)) {
            augment = manifest(format);
            require("header.tar");
        }
        return new Manifests(sum, signature, augment, manifest.sums());
    }

    /** Takes up the manifest that is the tar's entry and {@return its checksum}. */
    private String manifest(int format) throws IOException {
        byte[] lines = tar.bytes(MAX_MANIFEST_BYTES);
        manifest.add(part, new String(lines, StandardCharsets.UTF_8), format);
        return Digesting.of(lines);
    }

    private String version() throws IOException {
        boolean begun = false;
        try {
            begun = tar.next() && tar.name().equals(part);
        } catch (IOException | RuntimeException e) {
            if (source.failure() != null) {
                throw e;
            }
        }
        if (!begun) {
            throw new ArtifactException(Problem.NOT_AN_ARTIFACT, "", "");
        }
        checkWhole();
        return text(MAX_VERSION_BYTES);
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

    /** Goes to the next part; that it is the expected one is for the caller to check, {@code manifest} apart. */
    private void require(String expected) throws IOException {
        if (!next(expected)) {
            throw new ArtifactException(tar.complete() ? Problem.MISSING : Problem.TRUNCATED, expected, "");
        }
        if (expected.equals("manifest") && !part.equals(expected)) {
            throw new ArtifactException(Problem.MISPLACED, part, expected);
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
        if (tar.end() > source.size()) {
            throw new ArtifactException(Problem.TRUNCATED, tar.name(), String.valueOf(tar.end() - source.size()));
        }
    }

    private String text(int maxBytes) throws IOException {
        return new String(tar.bytes(maxBytes), StandardCharsets.UTF_8);
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
        try (InputStream in = decompressor.open(compression, raw)) {
            header.read(in);
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            // that the bytes are wrong says more than what came of it
            manifest.check(part, raw.drain());
            if (Decompressor.isBeyondThisMachine(e)) {
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
        PayloadArchives archives = new PayloadArchives(manifest, decompressor, header.payloads());
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

    private long size() throws IOException {
        return source.size() < Long.MAX_VALUE
                ? source.size()
                : source.position() + source.transferTo(OutputStream.nullOutputStream());
    }
}
