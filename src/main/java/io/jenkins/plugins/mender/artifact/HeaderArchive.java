package io.jenkins.plugins.mender.artifact;

import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The inner archive {@code header.tar} or {@code header-augment.tar}: {@code header-info} first, then scripts, then a folder for
 * each payload. Only the documents that say what an Artifact is are kept, and the names of the others.
 */
final class HeaderArchive {
    /** The most that a header may have, compressed as well as not; all but a few kilobytes of one are state scripts. */
    static final int MAX_BYTES = 16 * 1024 * 1024;

    static final int MAX_ENTRIES = 1000;

    /** The most that is kept, documents and names together. */
    static final int MAX_KEPT_BYTES = 512 * 1024;

    /** The most that is kept of meta-data, which can be large; what is beyond it is not looked at. */
    static final int MAX_META_DATA_BYTES = 1024 * 1024;

    /** The format has room for 10,000; mender-artifact writes one. */
    static final int MAX_PAYLOADS = 100;

    private static final String HEADER_INFO = "header-info";
    private static final String SCRIPTS = "scripts/";
    private static final String TYPE_INFO = "type-info";
    private static final Pattern PAYLOAD = Pattern.compile("headers/(\\d{4})/(.+)");

    private final String part;
    private final boolean augmented;
    private final List<String> scripts = new ArrayList<>();
    private final Map<Integer, Map<String, String>> payloads = new TreeMap<>();
    private final Set<String> seen = new HashSet<>();
    private String headerInfo = "";
    private int kept;
    private int keptMetaData;

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
            String name = tar.name();
            if (seen.isEmpty() && !name.equals(HEADER_INFO)) {
                throw new ArtifactException(Problem.MISPLACED, name, HEADER_INFO);
            }
            if (tar.directory()) {
                continue;
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
        int needed = augmented && !payloads.isEmpty() ? 0 : Math.max(1, payloads.size());
        for (int i = 0; i < needed; i++) {
            if (!documents(i).containsKey(TYPE_INFO)) {
                String path = String.format(Locale.ROOT, "headers/%04d/%s", i, TYPE_INFO);
                throw new ArtifactException(Problem.MISSING, path, "");
            }
        }
    }

    private void take(Tar tar, String name) throws IOException {
        Matcher payload = PAYLOAD.matcher(name);
        if (name.equals(HEADER_INFO)) {
            headerInfo = document(tar);
        } else if (payload.matches()) {
            keep(name.length());
            payloads.computeIfAbsent(Integer.valueOf(payload.group(1)), number -> new LinkedHashMap<>())
                    .put(payload.group(2), payloadDocument(tar, payload.group(2)));
            if (payloads.size() > MAX_PAYLOADS) {
                throw new ArtifactException(Problem.TOO_LARGE, part, MAX_PAYLOADS + " payloads");
            }
        } else if (isScript(name) && payloads.isEmpty() && !augmented) {
            keep(name.length());
            scripts.add(name.substring(SCRIPTS.length()));
        } else {
            throw new ArtifactException(Problem.MISPLACED, name, "headers");
        }
    }

    private static boolean isScript(String name) {
        return name.startsWith(SCRIPTS) && Manifest.isFileName(name.substring(SCRIPTS.length()));
    }

    private String payloadDocument(Tar tar, String name) throws IOException {
        return switch (name) {
            case TYPE_INFO, "files" -> document(tar);
            case "meta-data" -> {
                if (tar.size() > MAX_META_DATA_BYTES - keptMetaData) {
                    yield Payload.UNKEPT_META_DATA;
                }
                keptMetaData += (int) tar.size();
                yield new String(tar.bytes(MAX_META_DATA_BYTES), StandardCharsets.UTF_8);
            }
            default -> "";
        };
    }

    private String document(Tar tar) throws IOException {
        byte[] document = tar.bytes(MAX_KEPT_BYTES);
        keep(document.length);
        return new String(document, StandardCharsets.UTF_8);
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
        return payloads.size();
    }

    /** {@return whether this archive knows every payload that another one has something for} */
    boolean knowsThoseOf(HeaderArchive other) {
        return payloads.keySet().containsAll(other.payloads.keySet());
    }

    /** {@return what there is for a payload, by file name; {@code type-info}, {@code meta-data} and {@code files} with text} */
    Map<String, String> documents(int payload) {
        return payloads.getOrDefault(payload, Map.of());
    }
}
