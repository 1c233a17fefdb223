package io.jenkins.plugins.mender.artifact;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an Artifact holds, with its JSON documents as they lie in the file. Small, whatever the file's size: it travels from
 * the agent to the controller, and an agent can say what it likes. What {@link ArtifactReader} cannot come to is an {@link
 * IllegalArgumentException}.
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
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public ArtifactContents {
        Objects.requireNonNull(manifests, "no manifests");
        Objects.requireNonNull(headerCompression, "no compression");
        scripts = list(String.class, scripts, HeaderArchive.MAX_ENTRIES);
        payloads = list(Payload.class, payloads, HeaderArchive.MAX_PAYLOADS);
        checkSize(version.length(), ArtifactReader.MAX_VERSION_BYTES);
        long kept = 0L + headerInfo.length() + augmentedHeaderInfo.length() + length(scripts.stream());
        long files = 0;
        for (Payload payload : payloads) {
            kept += length(payload.documents) + length(payload.augmentedDocuments);
            files += payload.files.size();
        }
        checkSize(kept, 2L * (HeaderArchive.MAX_KEPT_BYTES + HeaderArchive.MAX_META_DATA_BYTES));
        checkSize(files, manifests.sums().size());
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

    /** {@return a copy of a list, whose size is looked at first: a list of any length can be a few bytes long on its way} */
    private static <T> ArrayList<T> list(Class<T> type, List<T> list, int most) {
        checkSize(list.size(), most);
        ArrayList<T> copy = new ArrayList<>();
        for (Object element : list) {
            checkSize(copy.size() + 1, most);
            copy.add(present(type, element));
        }
        return copy;
    }

    private static LinkedHashMap<String, String> texts(Map<String, String> map, int most) {
        checkSize(map.size(), most);
        LinkedHashMap<String, String> copy = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            checkSize(copy.size() + 1, most);
            copy.put(present(String.class, entry.getKey()), present(String.class, entry.getValue()));
        }
        return copy;
    }

    private static <T> T present(Class<T> type, Object element) {
        if (!type.isInstance(element)) {
            throw new IllegalArgumentException("something else in place of a " + type.getSimpleName());
        }
        return type.cast(element);
    }

    private static void checkSize(long size, long most) {
        if (size > most) {
            throw new IllegalArgumentException(size + " where there can be " + most);
        }
    }

    private static void checkSum(String text) {
        if (!SHA256.matcher(text).matches()) {
            throw new IllegalArgumentException("a checksum that is none");
        }
    }

    /** {@return whether it has a signature; whose, is for devices to judge} */
    public boolean signed() {
        return manifests.signed();
    }

    /**
     * What stands at the begin of an Artifact and vouches for the rest: its manifests and its signature. Where two Artifacts have
     * the same, header, state scripts, meta-data and payload files are the same bytes too, and so is what devices check them by.
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
            checkSum(manifest);
            for (String sum : List.of(signature, augment)) {
                if (!sum.isEmpty()) {
                    checkSum(sum);
                }
            }
            sums = texts(sums, Manifest.MAX_LINES);
            sums.forEach((path, sum) -> {
                checkSize(path.length(), Manifest.MAX_NAME_CHARS);
                checkSum(sum);
            });
        }

        /** {@return whether there is a signature; whose, is for devices to judge} */
        public boolean signed() {
            return !signature.isEmpty();
        }
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
            documents = texts(documents, HeaderArchive.MAX_ENTRIES);
            augmentedDocuments = texts(augmentedDocuments, HeaderArchive.MAX_ENTRIES);
            files = list(PayloadFile.class, files, Manifest.MAX_LINES);
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
            checkSize(name.length(), Manifest.MAX_NAME_CHARS);
            checkSum(sha256);
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
