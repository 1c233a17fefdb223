package io.jenkins.plugins.mender.artifact;

import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Reads an Artifact in one pass from its first byte to its last, checks every checksum, and keeps no payload in memory. */
public final class ArtifactReader {
    /** The most that {@code version} and {@code manifest} may have, in bytes. */
    private static final int MAX_TEXT_BYTES = 4 * 1024 * 1024;

    private final TarArchiveInputStream tar;
    private final Manifest manifest = new Manifest();
    private final HeaderArchive header = new HeaderArchive();
    private TarArchiveEntry entry;

    private ArtifactReader(InputStream in) {
        this.tar = new TarArchiveInputStream(in, StandardCharsets.UTF_8.name());
    }

    /**
     * Reads and checks a whole Artifact.
     *
     * @param in the file's bytes; not closed
     * @return what it holds
     * @throws ArtifactException when it is no Artifact, or a damaged one
     * @throws IOException when the stream cannot be read
     */
    public static ArtifactContents read(InputStream in) throws IOException {
        Source source = new Source(in);
        try {
            return new ArtifactReader(source).read();
        } catch (IOException e) {
            throw explain(e, source);
        }
    }

    private static IOException explain(IOException e, Source source) {
        if (e instanceof ArtifactException || source.failed()) {
            return e;
        }
        String message = String.valueOf(e.getMessage());
        boolean cut = e instanceof EOFException
                || source.ended()
                || message.toLowerCase(Locale.ROOT).contains("truncated");
        return new ArtifactException(cut ? Problem.TRUNCATED : Problem.MALFORMED, message);
    }

    private ArtifactContents read() throws IOException {
        String version = version();
        next();
        expect("manifest");
        manifest.add(text());
        manifest.check(
                "version", new Digesting(new ByteArrayInputStream(version.getBytes(StandardCharsets.UTF_8))).drain());
        next();
        boolean signed = is("manifest.sig");
        if (signed) {
            next();
        }
        if (is("manifest-augment")) {
            manifest.add(text());
            next();
        }
        inner("header.tar");
        next();
        if (entry != null
                && Compression.of(entry.getName(), "header-augment.tar").isPresent()) {
            inner("header-augment.tar");
            next();
        }
        List<Payload> payloads = new ArrayList<>();
        while (payloads.size() < header.payloads()) {
            payloads.add(payload(payloads.size()));
            next();
        }
        manifest.checkComplete();
        return new ArtifactContents(version, header.headerInfo(), signed, payloads);
    }

    private String version() throws IOException {
        try {
            next();
        } catch (IOException e) {
            throw new ArtifactException(Problem.NOT_AN_ARTIFACT, "");
        }
        if (!is("version")) {
            throw new ArtifactException(Problem.NOT_AN_ARTIFACT, "");
        }
        return text();
    }

    private void next() throws IOException {
        entry = tar.getNextEntry();
    }

    private boolean is(String name) {
        return entry != null && entry.getName().equals(name);
    }

    private void expect(String name) throws ArtifactException {
        if (entry == null) {
            throw new ArtifactException(Problem.TRUNCATED, name);
        }
        if (!is(name)) {
            throw new ArtifactException(Problem.MALFORMED, entry.getName() + " where " + name + " belongs");
        }
    }

    private String text() throws IOException {
        byte[] content = tar.readNBytes(MAX_TEXT_BYTES + 1);
        if (content.length > MAX_TEXT_BYTES) {
            throw new ArtifactException(Problem.MALFORMED, entry.getName() + " is too large");
        }
        return new String(content, StandardCharsets.UTF_8);
    }

    private void inner(String archive) throws IOException {
        Compression compression = compression(archive);
        Digesting raw = new Digesting(tar);
        String path = entry.getName();
        header.read(compression.open(raw));
        manifest.check(path, raw.drain());
    }

    private Compression compression(String archive) throws ArtifactException {
        if (entry == null) {
            throw new ArtifactException(Problem.TRUNCATED, archive);
        }
        Optional<Compression> compression = Compression.of(entry.getName(), archive);
        return compression.orElseThrow(
                () -> new ArtifactException(Problem.MALFORMED, entry.getName() + " where " + archive + " belongs"));
    }

    private Payload payload(int index) throws IOException {
        String folder = String.format(Locale.ROOT, "data/%04d", index);
        Compression compression = compression(folder + ".tar");
        TarArchiveInputStream data = new TarArchiveInputStream(compression.open(tar), StandardCharsets.UTF_8.name());
        List<PayloadFile> files = new ArrayList<>();
        TarArchiveEntry file;
        while ((file = data.getNextEntry()) != null) {
            String sha256 = new Digesting(data).drain();
            manifest.check(folder + "/" + file.getName(), sha256);
            files.add(new PayloadFile(file.getName(), file.getSize(), sha256));
        }
        return new Payload(header.typeInfo(index), header.metaData(index), files);
    }
}
