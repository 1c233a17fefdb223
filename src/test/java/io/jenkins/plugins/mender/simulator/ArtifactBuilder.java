package io.jenkins.plugins.mender.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes Artifacts of format 3 as mender-artifact does: one module payload of one file with random bytes, not compressed. */
public final class ArtifactBuilder {
    private static final int BLOCK = 64 * 1024;

    private final String name;
    private final Map<String, List<String>> depends = new TreeMap<>();
    private long payloadBytes = 1000;
    private long seed = 1;

    /**
     * Begins an Artifact.
     *
     * @param name its name
     * @param deviceTypes the device types it is for
     */
    public ArtifactBuilder(String name, String... deviceTypes) {
        this.name = name;
        depends.put("device_type", List.of(deviceTypes));
    }

    /** Gives the payload's size in bytes. */
    public ArtifactBuilder payload(long bytes) {
        this.payloadBytes = bytes;
        return this;
    }

    /** Makes the payload's bytes differ from those of other seeds. */
    public ArtifactBuilder seed(long number) {
        this.seed = number;
        return this;
    }

    /** Adds a property that a device must have. */
    public ArtifactBuilder depends(String key, String... values) {
        depends.put(key, List.of(values));
        return this;
    }

    /** Writes the Artifact and {@return the file}. */
    public Path write(Path file) throws IOException {
        byte[] version = text(Json.object("format", "mender", "version", 3));
        byte[] header = header();
        byte[] dataHead = dataTar(OutputStream.nullOutputStream());
        Map<String, byte[]> manifest = new TreeMap<>();
        manifest.put("data/0000/payload.bin", dataHead);
        manifest.put("header.tar", digest().digest(header));
        manifest.put("version", digest().digest(version));
        StringBuilder lines = new StringBuilder();
        manifest.forEach((path, sum) -> lines.append(HexFormat.of().formatHex(sum))
                .append("  ")
                .append(path)
                .append('\n'));
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = tar(out)) {
            put(tar, "version", version);
            put(tar, "manifest", lines.toString().getBytes(StandardCharsets.UTF_8));
            put(tar, "header.tar", header);
            TarArchiveEntry data = new TarArchiveEntry("data/0000.tar");
            data.setSize(dataTarSize());
            tar.putArchiveEntry(data);
            dataTar(tar);
            tar.closeArchiveEntry();
        }
        return file;
    }

    private byte[] header() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = tar(bytes)) {
            ObjectNode info = Json.object("payloads", List.of(Map.of("type", "single-file")));
            info.set("artifact_provides", Json.object("artifact_name", name));
            info.set("artifact_depends", Json.MAPPER.valueToTree(depends));
            put(tar, "header-info", text(info));
            put(tar, "headers/0000/type-info", text(Json.object("type", "single-file")));
            put(tar, "headers/0000/meta-data", text(Json.object()));
        }
        return bytes.toByteArray();
    }

    private long dataTarSize() {
        long blocks = 1 + (payloadBytes + 511) / 512 + 2;
        return (blocks + 19) / 20 * 20 * 512;
    }

    /** Writes the inner archive without closing what it is written to, and returns the payload's checksum. */
    private byte[] dataTar(OutputStream out) throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, 20 * 512, StandardCharsets.UTF_8.name());
        TarArchiveEntry entry = new TarArchiveEntry("payload.bin");
        entry.setSize(payloadBytes);
        tar.putArchiveEntry(entry);
        MessageDigest digest = digest();
        OutputStream digesting = new DigestOutputStream(tar, digest);
        Random random = new Random(seed);
        byte[] block = new byte[BLOCK];
        for (long left = payloadBytes; left > 0; left -= block.length) {
            random.nextBytes(block);
            digesting.write(block, 0, (int) Math.min(left, block.length));
        }
        tar.closeArchiveEntry();
        tar.finish();
        return digest.digest();
    }

    private static TarArchiveOutputStream tar(OutputStream out) {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        return tar;
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static byte[] text(ObjectNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static MessageDigest digest() {
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
