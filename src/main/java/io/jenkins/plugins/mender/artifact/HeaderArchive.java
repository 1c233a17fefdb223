package io.jenkins.plugins.mender.artifact;

import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The inner archive {@code header.tar} or {@code header-augment.tar}: {@code header-info} first, then scripts, then a folder for
 * each payload. Only the documents that say what an Artifact is are kept.
 */
final class HeaderArchive {
    /** The most that a header may have, compressed as well as not; all but a few kilobytes of one are state scripts. */
    static final int MAX_BYTES = 16 * 1024 * 1024;

    private static final int MAX_ENTRIES = 1000;

    /** The most that is kept, documents and names together. */
    private static final int MAX_KEPT_BYTES = 512 * 1024;

    /** The most that is kept of meta-data; servers take more, and there is no need to know it. */
    private static final int MAX_META_DATA_BYTES = 1024 * 1024;

    /** The format has room for 10,000; mender-artifact writes one. */
    private static final int MAX_PAYLOADS = 100;

    private static final String HEADER_INFO = "header-info";
    private static final String SCRIPTS = "scripts/";
    private static final Pattern PAYLOAD = Pattern.compile("headers/(\\d{4})/(.+)");

    private final String part;
    private final boolean augmented;
    private final List<String> scripts = new ArrayList<>();
    private final Map<Integer, String> typeInfos = new TreeMap<>();
    private final Map<Integer, String> metaDatas = new TreeMap<>();
    private final Set<String> seen = new HashSet<>();
    private String headerInfo = "";
    private boolean payloads;
    private int kept;
    private int metaDataBytes;

    /**
     * @param part the archive's name in the Artifact
     * @param augmented whether it is {@code header-augment.tar}, which has no scripts and need not know all payloads
     */
    HeaderArchive(String part, boolean augmented) {
        this.part = part;
        this.augmented = augmented;
    }

    /** Reads the decompressed archive. */
    void read(InputStream in) throws IOException {
        Tar tar = new Tar(in, part, MAX_BYTES);
        while (tar.next()) {
            if (tar.directory()) {
                continue;
            }
            String name = tar.name();
            if (seen.isEmpty() && !name.equals(HEADER_INFO)) {
                throw new ArtifactException(Problem.MISPLACED, name, HEADER_INFO);
            }
            if (!seen.add(name)) {
                throw new ArtifactException(Problem.MALFORMED, name, "it is there twice");
            }
            if (seen.size() > MAX_ENTRIES) {
                throw new ArtifactException(Problem.TOO_LARGE, part, MAX_ENTRIES + " files");
            }
            take(tar, name);
        }
        if (seen.isEmpty()) {
            throw new ArtifactException(Problem.MISSING, HEADER_INFO, "");
        }
        for (int i = 0; !augmented && i < Math.max(1, typeInfos.size()); i++) {
            if (!typeInfos.containsKey(i)) {
                String path = String.format(Locale.ROOT, "headers/%04d/type-info", i);
                throw new ArtifactException(Problem.MISSING, path, "");
            }
        }
    }

    private void take(Tar tar, String name) throws IOException {
        Matcher payload = PAYLOAD.matcher(name);
        if (name.equals(HEADER_INFO)) {
            headerInfo = document(tar);
        } else if (payload.matches()) {
            payloads = true;
            if (payload.group(2).equals("type-info")) {
                typeInfos.put(Integer.valueOf(payload.group(1)), document(tar));
            } else if (payload.group(2).equals("meta-data")) {
                metaDatas.put(Integer.valueOf(payload.group(1)), metaData(tar));
            }
            if (typeInfos.size() > MAX_PAYLOADS) {
                throw new ArtifactException(Problem.TOO_LARGE, part, MAX_PAYLOADS + " payloads");
            }
        } else if (isScript(name) && !payloads && !augmented) {
            keep(name.length());
            scripts.add(name.substring(SCRIPTS.length()));
        } else {
            throw new ArtifactException(Problem.MISPLACED, name, "headers");
        }
    }

    private static boolean isScript(String name) {
        return name.startsWith(SCRIPTS) && Manifest.isFileName(name.substring(SCRIPTS.length()));
    }

    private String document(Tar tar) throws IOException {
        byte[] document = tar.bytes(MAX_KEPT_BYTES);
        keep(document.length);
        return new String(document, StandardCharsets.UTF_8);
    }

    private String metaData(Tar tar) throws IOException {
        metaDataBytes += (int) Math.min(tar.size(), MAX_BYTES);
        return metaDataBytes > MAX_META_DATA_BYTES
                ? Payload.UNKEPT_META_DATA
                : new String(tar.bytes(MAX_META_DATA_BYTES), StandardCharsets.UTF_8);
    }

    private void keep(int bytes) throws ArtifactException {
        kept += bytes;
        if (kept > MAX_KEPT_BYTES) {
            throw new ArtifactException(Problem.TOO_LARGE, part, MAX_KEPT_BYTES + " bytes of documents");
        }
    }

    String headerInfo() {
        return headerInfo;
    }

    List<String> scripts() {
        return scripts;
    }

    int payloads() {
        return typeInfos.size();
    }

    /** {@return the document {@code type-info} of a payload, empty when there is none} */
    String typeInfo(int payload) {
        return typeInfos.getOrDefault(payload, "");
    }

    /** {@return the document {@code meta-data} of a payload, empty when there is none} */
    String metaData(int payload) {
        return metaDatas.getOrDefault(payload, "");
    }
}
