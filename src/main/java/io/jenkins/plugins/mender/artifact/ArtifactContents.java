package io.jenkins.plugins.mender.artifact;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What an Artifact holds, with its JSON documents as they lie in the file.
 *
 * @param version the document {@code version}
 * @param headerInfo the document {@code header-info}: names, device types, provides and depends
 * @param signed whether it has a signature; whose, is for devices to judge
 * @param payloads its payloads in their order
 */
public record ArtifactContents(String version, String headerInfo, boolean signed, List<Payload> payloads)
        implements Serializable {
    private static final long serialVersionUID = 1;

    public ArtifactContents {
        payloads = new ArrayList<>(payloads);
    }

    /**
     * One payload.
     *
     * @param typeInfo the document {@code type-info}
     * @param metaData the document {@code meta-data}, empty when there is none
     * @param files its files in their order
     */
    public record Payload(String typeInfo, String metaData, List<PayloadFile> files) implements Serializable {
        private static final long serialVersionUID = 1;

        public Payload {
            files = new ArrayList<>(files);
        }
    }

    /**
     * A file of a payload.
     *
     * @param name its name
     * @param size its size in bytes, decompressed
     * @param sha256 its checksum, lower case hex digits
     */
    public record PayloadFile(String name, long size, String sha256) implements Serializable {
        private static final long serialVersionUID = 1;
    }
}
