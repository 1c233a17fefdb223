package io.jenkins.plugins.mender.artifact;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What stands at the begin of an Artifact and vouches for the rest: its manifests and its signature. Where two Artifacts have
 * the same, header, state scripts, meta-data and payload files are the same bytes too, and so is what devices check them by.
 *
 * <p>What is not as {@link ArtifactReader} makes it is an {@link IllegalArgumentException}.
 *
 * @param manifest SHA-256 of {@code manifest} as it lies in the file, lower case hex digits
 * @param signature SHA-256 of {@code manifest.sig}, empty when the Artifact has none
 * @param augment SHA-256 of {@code manifest-augment}, empty when the Artifact has none
 * @param sums the checksum of each part that the manifests list, by its path; never null
 */
public record Manifests(String manifest, String signature, String augment, Map<String, String> sums)
        implements Serializable {
    private static final long serialVersionUID = 1;

    public Manifests {
        Received.checkSum(manifest);
        for (String sum : List.of(signature, augment)) {
            if (!sum.isEmpty()) {
                Received.checkSum(sum);
            }
        }
        sums = Received.texts(sums, Manifest.MAX_LINES);
        sums.forEach((path, sum) -> {
            Received.checkSize(path.length(), Manifest.MAX_NAME_CHARS);
            Received.checkSum(sum);
        });
    }

    /** {@return whether there is a signature; whose, is for devices to judge} */
    public boolean signed() {
        return !signature.isEmpty();
    }
}
