package io.jenkins.plugins.mender.artifact;

import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The checksums that an Artifact promises for its parts, and which of them have been seen to hold. */
final class Manifest {
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) {2}(.+)");

    private final Map<String, String> sums = new LinkedHashMap<>();
    private final Set<String> checked = new HashSet<>();

    /**
     * Takes up the lines of {@code manifest} or {@code manifest-augment}: a SHA-256 in hex digits, two blanks, a path.
     *
     * @throws ArtifactException when a line is not of this form
     */
    void add(String text) throws ArtifactException {
        for (String line : text.split("\n")) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new ArtifactException(Problem.MALFORMED, "manifest");
            }
            sums.put(matcher.group(2), matcher.group(1));
        }
    }

    /**
     * Compares a part with its promise.
     *
     * @throws ArtifactException when the manifest does not name the part, or promises another checksum
     */
    void check(String path, String sha256) throws ArtifactException {
        String promised = sums.get(path);
        if (promised == null) {
            throw new ArtifactException(Problem.MALFORMED, path + " is not in the manifest");
        }
        if (!promised.equals(sha256)) {
            throw new ArtifactException(Problem.CHECKSUM, path);
        }
        checked.add(path);
    }

    /**
     * Makes sure that every promised part was there.
     *
     * @throws ArtifactException naming the parts that were not
     */
    void checkComplete() throws ArtifactException {
        Set<String> missing = new TreeSet<>(sums.keySet());
        missing.removeAll(checked);
        if (!missing.isEmpty()) {
            throw new ArtifactException(Problem.MALFORMED, String.join(", ", missing) + " is missing");
        }
    }
}
