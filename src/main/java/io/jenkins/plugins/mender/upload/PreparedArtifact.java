package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.Artifact;
import io.jenkins.plugins.mender.api.ArtifactHeader;
import io.jenkins.plugins.mender.artifact.ArtifactContents;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file that is ready to be sent, and what is known of it.
 *
 * @param file the file
 * @param known what it holds; empty when it could not be read and need not be
 */
public record PreparedArtifact(ArtifactFile file, Optional<Known> known) {

    /**
     * What an Artifact holds.
     *
     * @param header what its header says
     * @param contents its payloads and parts
     */
    public record Known(ArtifactHeader header, ArtifactContents contents) {

        /**
         * Reads the documents of an Artifact.
         *
         * @throws IllegalArgumentException when one of them does not make sense
         */
        static Known of(ArtifactContents contents) {
            return new Known(ArtifactHeader.of(contents), contents);
        }

        /** {@return whether an Artifact of the server and this one would conflict there} */
        boolean conflictsWith(Artifact artifact) {
            return header.name().equals(artifact.name()) && overlap(header.depends(), artifact.depends());
        }

        /** {@return whether this Artifact and another would conflict on a server} */
        boolean conflictsWith(Known other) {
            return header.name().equals(other.header.name()) && overlap(header.depends(), other.header.depends());
        }

        /**
         * The server's unique index: the name and one full combination of depends. Two Artifacts share a combination when
         * they depend on the same properties and have a value in common for each.
         */
        private static boolean overlap(Map<String, List<String>> one, Map<String, List<String>> other) {
            return one.keySet().equals(other.keySet())
                    && one.entrySet().stream()
                            .noneMatch(entry -> Collections.disjoint(entry.getValue(), other.get(entry.getKey())));
        }
    }

    /** {@return the Artifact's name, or empty text when it is not known} */
    String name() {
        return known.map(k -> k.header().name()).orElse("");
    }

    /** {@return the device types it is for; none when they are not known} */
    List<String> deviceTypes() {
        return known.map(k -> k.header().deviceTypes()).orElse(List.of());
    }
}
