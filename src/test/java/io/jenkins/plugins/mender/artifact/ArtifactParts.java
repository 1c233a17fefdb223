package io.jenkins.plugins.mender.artifact;

import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.InnerArchive;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** An Artifact taken apart, to be put together again after a change, with a manifest that fits or does not. */
public final class ArtifactParts {
    private final List<Part> parts = new ArrayList<>();

    /** An entry of a tar. */
    private record Part(String name, byte[] content) {}

    /** Takes an Artifact apart. */
    public static ArtifactParts of(byte[] artifact) throws IOException {
        ArtifactParts all = new ArtifactParts();
        all.parts.addAll(entries(artifact));
        return all;
    }

    /** Takes apart what a builder writes. */
    public static ArtifactParts of(ArtifactBuilder builder) throws IOException {
        Path file = Files.createTempFile("parts", ".mender");
        try {
            return of(Files.readAllBytes(builder.write(file)));
        } finally {
            Files.delete(file);
        }
    }

    private static List<Part> entries(byte[] archive) throws IOException {
        List<Part> entries = new ArrayList<>();
        TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive), "UTF-8");
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            entries.add(new Part(entry.getName(), tar.readAllBytes()));
        }
        return entries;
    }

    /** {@return the names of the parts, in their order} */
    public List<String> names() {
        return parts.stream().map(Part::name).toList();
    }

    public byte[] content(String name) {
        return parts.get(index(name)).content();
    }

    public String text(String name) {
        return new String(content(name), StandardCharsets.UTF_8);
    }

    private int index(String name) {
        int index = names().indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException(name + " is not among " + names());
        }
        return index;
    }

    public ArtifactParts replace(String name, byte[] content) {
        parts.set(index(name), new Part(name, content));
        return this;
    }

    public ArtifactParts replace(String name, String content) {
        return replace(name, content.getBytes(StandardCharsets.UTF_8));
    }

    public ArtifactParts rename(String name, String to) {
        parts.set(index(name), new Part(to, content(name)));
        return this;
    }

    ArtifactParts remove(String name) {
        parts.remove(index(name));
        return this;
    }

    /** Puts a part before another one, or at the end when that is empty text. */
    public ArtifactParts insert(String before, String name, byte[] content) {
        parts.add(before.isEmpty() ? parts.size() : index(before), new Part(name, content));
        return this;
    }

    /** {@return an inner archive, decompressed} */
    byte[] opened(String name) throws IOException {
        return InnerArchive.decompressed(InnerArchive.compression(name), content(name));
    }

    /** Puts an inner archive back, compressed as its name says. */
    public ArtifactParts packed(String name, byte[] tar) throws IOException {
        return replace(name, InnerArchive.compressed(InnerArchive.compression(name), tar));
    }

    /** {@return the files of an inner archive} */
    public Map<String, byte[]> files(String name) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        entries(opened(name)).forEach(entry -> files.put(entry.name(), entry.content()));
        return files;
    }

    /**
     * Changes a document of a header, and the manifest with it.
     *
     * @param archive the header
     * @param name the document
     * @param change gets the document, empty text where there is none yet; null takes it away
     */
    public ArtifactParts document(String archive, String name, UnaryOperator<String> change) throws IOException {
        Map<String, byte[]> files = files(archive);
        String changed = change.apply(new String(files.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8));
        if (changed == null) {
            files.remove(name);
        } else {
            files.put(name, changed.getBytes(StandardCharsets.UTF_8));
        }
        return packed(archive, InnerArchive.tar(files)).withSums();
    }

    /** Makes the manifests' sums those of what is there; lines of what is not there stay. */
    public ArtifactParts withSums() throws IOException {
        Map<String, String> sums = new LinkedHashMap<>();
        for (Part part : parts) {
            sums.put(part.name(), Manifest.sha256(part.content()));
            if (part.name().startsWith("data/")) {
                String folder = part.name().replaceFirst("\\.tar.*", "/");
                try {
                    files(part.name()).forEach((name, content) -> sums.put(folder + name, Manifest.sha256(content)));
                } catch (IOException | RuntimeException e) {
                    continue; // what cannot be opened keeps its sums
                }
            }
        }
        for (String manifest : List.of("manifest", Manifest.AUGMENT)) {
            if (names().contains(manifest)) {
                StringBuilder lines = new StringBuilder();
                text(manifest).lines().forEach(line -> {
                    String path = line.replaceFirst("^[^ ]*  ", "");
                    lines.append(sums.containsKey(path) ? sums.get(path) + "  " + path : line)
                            .append('\n');
                });
                replace(manifest, lines.toString());
            }
        }
        return this;
    }

    /** {@return the Artifact} */
    public byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Part part : parts) {
                TarArchiveEntry entry = new TarArchiveEntry(part.name());
                entry.setSize(part.content().length);
                entry.setModTime(0);
                tar.putArchiveEntry(entry);
                tar.write(part.content());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** {@return a recorded Artifact of the test resources} */
    public static byte[] recorded(String name) throws IOException {
        try (InputStream in = ArtifactParts.class.getResourceAsStream("/artifacts/" + name + ".mender")) {
            return in.readAllBytes();
        }
    }
}
