package io.jenkins.plugins.mender.artifact;

import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The inner archive {@code header.tar}: {@code header-info} first, then scripts, then a folder for each payload. */
final class HeaderArchive {
    /** The most that the documents of a header may have together, decompressed, in bytes. */
    private static final int MAX_BYTES = 8 * 1024 * 1024;

    private static final int MAX_ENTRIES = 10_000;
    private static final Pattern PAYLOAD = Pattern.compile("headers/(\\d{4})/(type-info|meta-data)");

    private String headerInfo;
    private final Map<Integer, String> typeInfos = new TreeMap<>();
    private final Map<Integer, String> metaData = new TreeMap<>();

    /** Reads the decompressed archive; what {@code header-augment.tar} says comes after and outranks it. */
    void read(InputStream in) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(in, StandardCharsets.UTF_8.name());
        int left = MAX_BYTES;
        int entries = 0;
        TarArchiveEntry entry;
        while ((entry = tar.getNextEntry()) != null) {
            if (++entries > MAX_ENTRIES) {
                throw new ArtifactException(Problem.MALFORMED, "header with more than " + MAX_ENTRIES + " entries");
            }
            byte[] content = tar.readNBytes(left + 1);
            left -= content.length;
            if (left < 0) {
                throw new ArtifactException(Problem.MALFORMED, "header larger than " + MAX_BYTES + " bytes");
            }
            take(entry.getName(), new String(content, StandardCharsets.UTF_8));
        }
        if (headerInfo == null) {
            throw new ArtifactException(Problem.MALFORMED, "header without header-info");
        }
    }

    private void take(String name, String content) {
        Matcher payload = PAYLOAD.matcher(name);
        if (name.equals("header-info")) {
            headerInfo = headerInfo == null ? content : headerInfo;
        } else if (payload.matches()) {
            (payload.group(2).equals("type-info") ? typeInfos : metaData)
                    .put(Integer.valueOf(payload.group(1)), content);
        }
    }

    String headerInfo() {
        return headerInfo;
    }

    int payloads() {
        return typeInfos.size();
    }

    String typeInfo(int payload) {
        return typeInfos.getOrDefault(payload, "");
    }

    String metaData(int payload) {
        return metaData.getOrDefault(payload, "");
    }
}
