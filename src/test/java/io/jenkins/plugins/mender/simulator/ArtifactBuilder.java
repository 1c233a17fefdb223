package io.jenkins.plugins.mender.simulator;

import io.jenkins.plugins.mender.artifact.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes Artifacts as mender-artifact does: unless told otherwise of format 3, with one file of random bytes, not compressed. */
public final class ArtifactBuilder {
    private final ArtifactDocuments documents;
    private final PayloadFiles files = new PayloadFiles();
    private Compression header = Compression.NONE;
    private Compression data = Compression.NONE;
    private String signature = "";

    /**
     * Begins an Artifact.
     *
     * @param name its name
     * @param deviceTypes the device types it is for
     */
    public ArtifactBuilder(String name, String... deviceTypes) {
        documents = new ArtifactDocuments(name, deviceTypes);
    }

    /** Gives the payload's size in bytes. */
    public ArtifactBuilder payload(long bytes) {
        files.bytes = bytes;
        return this;
    }

    /** Makes the payload's bytes differ from those of other seeds. */
    public ArtifactBuilder seed(long number) {
        files.seed = number;
        return this;
    }

    /** Tells how many bits of each byte of the payload are random: the fewer, the better it compresses. */
    public ArtifactBuilder random(int bits) {
        files.mask = (1 << bits) - 1;
        return this;
    }

    /** Adds a payload file, in place of the one with random bytes. */
    public ArtifactBuilder file(String fileName, String content) {
        files.named.put(fileName, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Gives the payload's type; null makes the payload empty. */
    public ArtifactBuilder type(String payloadType) {
        documents.type = payloadType;
        return this;
    }

    /** Adds a property that a device must have. */
    public ArtifactBuilder depends(String key, String... values) {
        documents.depends.put(key, List.of(values));
        return this;
    }

    /** Adds a property that a device must have for the payload. */
    public ArtifactBuilder payloadDepends(String key, String value) {
        documents.payloadDepends.put(key, value);
        return this;
    }

    /** Adds a state script. */
    public ArtifactBuilder script(String script) {
        return script(script, "#!/bin/sh\n");
    }

    /** Adds a state script with its content. */
    public ArtifactBuilder script(String script, String content) {
        documents.scripts.put(script, content);
        return this;
    }

    /** Adds a property that a device has afterwards. */
    public ArtifactBuilder provides(String key, String value) {
        documents.provides.put(key, value);
        return this;
    }

    /** Names properties that a device loses. */
    public ArtifactBuilder clears(String... properties) {
        documents.clears.addAll(List.of(properties));
        return this;
    }

    /** Gives the payload's meta-data, a JSON object. */
    public ArtifactBuilder metaData(String document) {
        documents.metaData = document;
        return this;
    }

    /** Gives the version of the format. */
    public ArtifactBuilder format(int version) {
        documents.format = version;
        return this;
    }

    /** Compresses header and payload each in a way. */
    public ArtifactBuilder compressed(Compression ofHeader, Compression ofPayload) {
        header = ofHeader;
        data = ofPayload;
        return this;
    }

    /** Adds a signature, which is none that anything would verify. */
    public ArtifactBuilder signed() {
        return signed("c2lnbmF0dXJl");
    }

    /** Adds that signature. */
    public ArtifactBuilder signed(String text) {
        signature = text;
        return this;
    }

    /** Puts the payload's files and its depends into the augmented parts, as a delta has them. */
    public ArtifactBuilder augmented(String payloadType) {
        documents.augmentedType = payloadType;
        return this;
    }

    /** Writes the Artifact and {@return the file}. */
    public Path write(Path file) throws IOException {
        String headerName = "header.tar" + InnerArchive.suffix(header);
        String augmentName = "header-augment.tar" + InnerArchive.suffix(header);
        boolean augmented = !documents.augmentedType.isEmpty();
        boolean empty = documents.type == null;
        byte[] version = documents.version();
        Set<String> names = new LinkedHashSet<>();
        Map<String, byte[]> manifest = new TreeMap<>();
        Map<String, byte[]> augment = augmented ? new TreeMap<>() : manifest;
        long size = empty
                ? 0
                : files.write(OutputStream.nullOutputStream(), data, (name, sum) -> {
                    names.add(name);
                    augment.put("data/0000/" + name, sum);
                });
        byte[] headerTar = InnerArchive.compressed(header, documents.header(names));
        byte[] augmentTar = augmented ? InnerArchive.compressed(header, documents.augmentedHeader()) : new byte[0];
        manifest.put(headerName, digest().digest(headerTar));
        manifest.put("version", digest().digest(version));
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = InnerArchive.writer(out)) {
            InnerArchive.put(tar, "version", version);
            InnerArchive.put(tar, "manifest", lines(manifest));
            if (!signature.isEmpty()) {
                InnerArchive.put(tar, "manifest.sig", signature.getBytes(StandardCharsets.UTF_8));
            }
            if (augmented) {
                augment.put(augmentName, digest().digest(augmentTar));
                InnerArchive.put(tar, "manifest-augment", lines(augment));
            }
            InnerArchive.put(tar, headerName, headerTar);
            if (augmented) {
                InnerArchive.put(tar, augmentName, augmentTar);
            }
            if (!empty) {
                TarArchiveEntry entry = new TarArchiveEntry("data/0000.tar" + InnerArchive.suffix(data));
                entry.setSize(size);
                entry.setModTime(0);
                tar.putArchiveEntry(entry);
                files.write(tar, data, (name, sum) -> {});
                tar.closeArchiveEntry();
            }
        }
        return file;
    }

    private static byte[] lines(Map<String, byte[]> sums) {
        StringBuilder lines = new StringBuilder();
        sums.forEach((path, sum) -> lines.append(HexFormat.of().formatHex(sum))
                .append("  ")
                .append(path)
                .append('\n'));
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return one of the recorded Artifacts of the test resources, copied to a folder} */
    public static Path recorded(String fileName, Path folder) throws IOException {
        Path file = folder.resolve(fileName);
        Files.createDirectories(folder);
        try (InputStream in = ArtifactBuilder.class.getResourceAsStream("/artifacts/" + fileName)) {
            Files.copy(in, file);
        }
        return file;
    }
}
