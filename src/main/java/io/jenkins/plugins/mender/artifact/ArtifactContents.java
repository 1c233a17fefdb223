package io.jenkins.plugins.mender.artifact;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What an Artifact holds, with its JSON documents as they lie in the file. Small, whatever the file's size: it travels from
 * the agent to the controller. What is not as {@link ArtifactReader} makes it is an {@link IllegalArgumentException}.
 *
 * @param version the document {@code version}
 * @param headerInfo the document {@code header-info}: names, device types, provides and depends
 * @param augmentedHeaderInfo the {@code header-info} of the augmented header, empty when the Artifact has none
 * @param manifests its manifests and its signature
 * @param headerCompression how its header is compressed
 * @param scripts names of its state scripts in their order
 * @param payloads its payloads in their order
 * @param verified whether the checksums of all payload files were found right, rather than not looked at
 * @param size size of the whole file in bytes
 */
public record ArtifactContents(
        String version,
        String headerInfo,
        String augmentedHeaderInfo,
        Manifests manifests,
        Compression headerCompression,
        List<String> scripts,
        List<Payload> payloads,
        boolean verified,
        long size)
        implements Serializable {
    private static final long serialVersionUID = 1;

    public ArtifactContents {
        Objects.requireNonNull(manifests, "no manifests");
        Objects.requireNonNull(headerCompression, "no compression");
        scripts = Received.list(String.class, scripts, HeaderArchive.MAX_ENTRIES);
        payloads = Received.list(Payload.class, payloads, HeaderArchive.MAX_PAYLOADS);
        Received.checkSize(version.length(), ArtifactWalk.MAX_VERSION_BYTES);
        long kept = 0L + headerInfo.length() + augmentedHeaderInfo.length() + length(scripts.stream());
        long files = 0;
        for (Payload payload : payloads) {
            kept += length(payload.documents) + length(payload.augmentedDocuments);
            files += payload.files.size();
        }
        Received.checkSize(kept, 2L * (HeaderArchive.MAX_KEPT_BYTES + HeaderArchive.MAX_META_DATA_BYTES));
        Received.checkSize(files, manifests.sums().size());
        if (size < 0) {
            throw new IllegalArgumentException("an Artifact of " + size + " bytes");
        }
    }

    private static long length(Map<String, String> documents) {
        return length(documents.keySet().stream()) + length(documents.values().stream());
    }

    private static long length(Stream<String> texts) {
        return texts.mapToLong(String::length).sum();
    }

    /** {@return whether it has a signature; whose, is for devices to judge} */
    public boolean signed() {
        return manifests.signed();
    }

    /** {@return the documents of each payload; empty text in place of meta-data that was not kept} */
    public List<Map<String, String>> documents() {
        return payloads.stream().map(payload -> kept(payload.documents())).toList();
    }

    /** {@return the documents of each payload in the augmented header; they outrank the others} */
    public List<Map<String, String>> augmentedDocuments() {
        return payloads.stream()
                .map(payload -> kept(payload.augmentedDocuments()))
                .toList();
    }

    private static Map<String, String> kept(Map<String, String> documents) {
        Map<String, String> kept = new LinkedHashMap<>(documents);
        kept.replaceAll((name, text) -> text.equals(Payload.UNKEPT_META_DATA) ? "" : text);
        return kept;
    }

    /**
     * One payload.
     *
     * @param documents what the header has for it, by file name: {@code type-info}, and mostly {@code meta-data}; empty text
     *     in place of what is no document, and {@link #UNKEPT_META_DATA}
     * @param augmentedDocuments what the augmented header has for it, empty when there is none
     * @param compression how its data is compressed; {@link Compression#NONE} also when it has no data
     * @param files its files in the order of the manifests; an empty payload has none
     */
    public record Payload(
            Map<String, String> documents,
            Map<String, String> augmentedDocuments,
            Compression compression,
            List<PayloadFile> files)
            implements Serializable {
        private static final long serialVersionUID = 1;

        /** In place of meta-data: not kept, since it is long or the augmented header has some as well. */
        public static final String UNKEPT_META_DATA = "…";

        public Payload {
            Objects.requireNonNull(compression, "no compression");
            documents = Received.texts(documents, HeaderArchive.MAX_ENTRIES);
            augmentedDocuments = Received.texts(augmentedDocuments, HeaderArchive.MAX_ENTRIES);
            files = Received.list(PayloadFile.class, files, Manifest.MAX_LINES);
        }

        /** {@return the document {@code type-info}, empty when there is none} */
        public String typeInfo() {
            return documents.getOrDefault("type-info", "");
        }

        /** {@return the {@code type-info} of the augmented header, which outranks the other; empty when there is none} */
        public String augmentedTypeInfo() {
            return augmentedDocuments.getOrDefault("type-info", "");
        }

        /** {@return the document {@code meta-data}, empty when there is none, or {@link #UNKEPT_META_DATA}} */
        public String metaData() {
            return augmentedDocuments.getOrDefault("meta-data", "").isEmpty()
                    ? documents.getOrDefault("meta-data", "")
                    : UNKEPT_META_DATA;
        }
    }

    /**
     * A file of a payload.
     *
     * @param name its name, without a path
     * @param size its size in bytes, decompressed, or {@link #UNKNOWN_SIZE}: where payloads are not read through, the sizes
     *     of all but a payload's first file stay unknown
     * @param sha256 its checksum by the manifest, lower case hex digits
     * @param augmented whether it is one of {@code manifest-augment}, such as a delta; servers do not list these
     */
    public record PayloadFile(String name, long size, String sha256, boolean augmented) implements Serializable {
        private static final long serialVersionUID = 1;

        /** In place of a size: not known without reading the payload. */
        public static final long UNKNOWN_SIZE = -1;

        public PayloadFile {
            Received.checkSize(name.length(), Manifest.MAX_NAME_CHARS);
            Received.checkSum(sha256);
            if (!Manifest.isFileName(name) || size < UNKNOWN_SIZE) {
                throw new IllegalArgumentException("a payload file " + name + " of " + size + " bytes");
            }
        }

        /** {@return whether the size is known} */
        public boolean sizeKnown() {
            return size != UNKNOWN_SIZE;
        }
    }
}
