package io.jenkins.plugins.mender.artifact;

import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import io.jenkins.plugins.mender.artifact.Manifest.Digesting;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tukaani.xz.ArrayCache;

/** The inner archives {@code data/0000.tar} and so on, one for each payload that has files. */
final class PayloadArchives {
    private static final Pattern NAME = Pattern.compile("(data/(\\d{4})\\.tar)(\\.\\w+)?");

    /** For all payload files together: what goes beyond it is a bomb and would be decompressed for hours. */
    private static final long MAX_BYTES = 1L << 40;

    /** What it takes at most to see the first file's name; a compressed archive can have any length without one. */
    private static final long MAX_BEGINNING_BYTES = 512 * 1024;

    private static final String BEGINNING = MAX_BEGINNING_BYTES + " bytes before its first file";

    private final Manifest manifest;
    private final ArrayCache dictionaries;
    private final int payloads;
    private final Map<Integer, Compression> compressions = new HashMap<>();
    private final Map<String, Long> sizes = new HashMap<>();
    private long bytes;

    PayloadArchives(Manifest manifest, ArrayCache dictionaries, int payloads) {
        this.manifest = manifest;
        this.dictionaries = dictionaries;
        this.payloads = payloads;
    }

    /**
     * Reads the archive that is the tar's entry.
     *
     * @param full whether to check its files, or to look at the name and size of the first alone
     */
    void read(Tar tar, boolean full) throws IOException {
        String part = tar.name();
        Matcher name = NAME.matcher(part);
        Compression compression = (name.matches() ? Compression.of(part, name.group(1)) : Optional.<Compression>empty())
                .orElseThrow(() -> new ArtifactException(Problem.MISPLACED, part, "data"));
        int payload = Integer.parseInt(name.group(2));
        if (payload >= payloads) {
            throw new ArtifactException(Problem.MALFORMED, part, "the header knows no such payload");
        }
        if (compressions.put(payload, compression) != null) {
            throw new ArtifactException(Problem.MALFORMED, part, "it is there twice");
        }
        if (tar.size() == 0) {
            return;
        }
        InputStream raw = full ? tar.content() : new Tar.Metered(tar.content(), part, MAX_BEGINNING_BYTES, BEGINNING);
        try (InputStream in = compression.open(raw, dictionaries)) {
            files(new Tar(in, part, Long.MAX_VALUE), payload, full);
        }
    }

    private void files(Tar tar, int payload, boolean full) throws IOException {
        while (tar.next()) {
            String path = Manifest.folder(payload) + "/" + tar.name();
            manifest.expect(path);
            if (tar.size() > MAX_BYTES - bytes) {
                throw new ArtifactException(Problem.TOO_LARGE, path, MAX_BYTES + " bytes");
            }
            bytes += tar.size();
            sizes.put(path, tar.size());
            if (!full) {
                manifest.passOver(payload);
                return;
            }
            try (Digesting file = new Digesting(tar.content())) {
                manifest.check(path, file.drain());
            }
        }
    }

    /** {@return what was read, joined with what the manifest and the header say} */
    List<Payload> payloads(HeaderArchive header, HeaderArchive more) {
        List<Payload> all = new ArrayList<>();
        for (int i = 0; i < payloads; i++) {
            List<PayloadFile> files = new ArrayList<>();
            for (String path : manifest.files(i)) {
                files.add(new PayloadFile(
                        path.substring(path.lastIndexOf('/') + 1),
                        sizes.getOrDefault(path, PayloadFile.UNKNOWN_SIZE),
                        manifest.sums().get(path),
                        manifest.augments(path)));
            }
            Compression compression = compressions.getOrDefault(i, Compression.NONE);
            all.add(new Payload(header.documents(i), more.documents(i), compression, files));
        }
        return all;
    }
}
