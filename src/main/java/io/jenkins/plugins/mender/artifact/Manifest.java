package io.jenkins.plugins.mender.artifact;

import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The checksums that an Artifact promises for its parts, and which of these parts have been seen. */
final class Manifest {
    /** The name of the second manifest, which no signature covers. */
    static final String AUGMENT = "manifest-augment";

    static final int MAX_NAME_CHARS = 512;

    /** The most lines of both manifests: each has a checksum, two blanks, a path and a line break. */
    static final int MAX_LINES = 2 * ArtifactReader.MAX_MANIFEST_BYTES / (64 + 2 + 1 + 1);

    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) {2}(.+)");
    private static final Pattern PAYLOAD_FILE = Pattern.compile("data/(\\d{4})/([^/]+)");

    private final Map<String, String> sums = new LinkedHashMap<>();
    private final Set<String> augmenting = new HashSet<>();
    private final Set<String> seen = new HashSet<>();

    /**
     * Takes up the lines of {@code manifest} or {@code manifest-augment}: a SHA-256 in hex digits, two blanks, a path. As the
     * servers' reader does, it wants a line break behind the last one too, and from format 3 on none but that behind the path
     * of a payload file.
     *
     * @return the checksum of the lines
     * @throws ArtifactException when a line is not of this form, or gives a path another checksum
     */
    String add(String part, byte[] lines, int format) throws ArtifactException {
        String text = new String(lines, StandardCharsets.UTF_8);
        if (!text.substring(text.lastIndexOf('\n') + 1).isBlank()) {
            throw new ArtifactException(Problem.MALFORMED, part, "its last line has no line break");
        }
        int number = 0;
        for (String line : text.split("\n")) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            Matcher matcher = LINE.matcher(line.strip());
            if (!matcher.matches()) {
                throw new ArtifactException(Problem.MALFORMED, part, "line " + number + " is no checksum and path");
            }
            String path = matcher.group(2);
            checkPath(part, path);
            if (format > 2 && path.startsWith("data/") && !line.endsWith(path)) {
                throw new ArtifactException(Problem.MALFORMED, part, "line " + number + " ends in white space");
            }
            if (sums.put(path, matcher.group(1)) != null) {
                throw new ArtifactException(Problem.MALFORMED, part, path + " is listed twice");
            }
            if (part.equals(AUGMENT)) {
                augmenting.add(path);
            }
        }
        return sha256(lines);
    }

    private static void checkPath(String part, String path) throws ArtifactException {
        if (path.length() > MAX_NAME_CHARS) {
            throw new ArtifactException(Problem.TOO_LARGE, part, "a path of " + MAX_NAME_CHARS + " characters");
        }
        Matcher file = PAYLOAD_FILE.matcher(path);
        if (path.startsWith("data/") && (!file.matches() || !isFileName(file.group(2)))) {
            throw new ArtifactException(Problem.MALFORMED, part, path + " is no path of a payload file");
        }
    }

    /** {@return whether a name can be that of a file in any one folder} */
    static boolean isFileName(String name) {
        return !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.indexOf('/') < 0
                && name.chars().noneMatch(Character::isISOControl);
    }

    /** {@return where the manifest has the files of a payload} */
    static String folder(int payload) {
        return String.format(Locale.ROOT, "data/%04d", payload);
    }

    /**
     * Compares a part with its promise.
     *
     * @throws ArtifactException when the manifest does not name the part, or promises another checksum
     */
    void check(String path, String sha256) throws ArtifactException {
        if (!promised(path).equals(sha256)) {
            throw new ArtifactException(Problem.CHECKSUM, path, "");
        }
        seen.add(path);
    }

    /**
     * Makes sure that there is a promise for a part that is there.
     *
     * @throws ArtifactException when there is none, or the part was seen before
     */
    void expect(String path) throws ArtifactException {
        promised(path);
        if (seen.contains(path)) {
            throw new ArtifactException(Problem.MALFORMED, path, "it is there twice");
        }
    }

    private String promised(String path) throws ArtifactException {
        String sum = sums.get(path);
        if (sum == null) {
            throw new ArtifactException(Problem.UNLISTED, path, "");
        }
        return sum;
    }

    /** Takes the files of a payload for seen. */
    void passOver(int payload) {
        seen.addAll(files(payload));
    }

    /** {@return the paths of a payload's files, those of {@code manifest-augment} last} */
    List<String> files(int payload) {
        String folder = folder(payload) + "/";
        return sums.keySet().stream().filter(path -> path.startsWith(folder)).toList();
    }

    /** {@return whether it is {@code manifest-augment} that names a part} */
    boolean augments(String path) {
        return augmenting.contains(path);
    }

    /** {@return all promised checksums by their paths} */
    Map<String, String> sums() {
        return Collections.unmodifiableMap(sums);
    }

    /**
     * Makes sure that every file belongs to a payload that the header knows.
     *
     * @throws ArtifactException naming the first file that does not
     */
    void checkPayloads(int payloads) throws ArtifactException {
        for (String path : sums.keySet()) {
            Matcher file = PAYLOAD_FILE.matcher(path);
            if (file.matches() && Integer.parseInt(file.group(1)) >= payloads) {
                throw new ArtifactException(Problem.MALFORMED, "manifest", "the header knows no payload for " + path);
            }
        }
    }

    /** {@return the promised parts that have not been seen} */
    List<String> missing() {
        return sums.keySet().stream().filter(path -> !seen.contains(path)).toList();
    }

    /** {@return the checksum of a few bytes, lower case hex digits} */
    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A stream that knows the SHA-256 of what was read from it. */
    static final class Digesting extends DigestInputStream {
        private static final int BUFFER_BYTES = 64 * 1024;

        Digesting(InputStream in) {
            super(in, digest());
        }

        /** Skips by reading: what is passed over belongs to the checksum too. */
        @Override
        public long skip(long bytes) throws IOException {
            byte[] buffer = new byte[(int) Math.min(bytes, BUFFER_BYTES)];
            return bytes <= 0 ? 0 : Math.max(0, read(buffer));
        }

        /** Reads what is left and {@return the checksum of everything, lower case hex digits} */
        String drain() throws IOException {
            byte[] buffer = new byte[BUFFER_BYTES];
            while (read(buffer) >= 0) {
                // reading is what takes the checksum
            }
            return HexFormat.of().formatHex(getMessageDigest().digest());
        }
    }
}
