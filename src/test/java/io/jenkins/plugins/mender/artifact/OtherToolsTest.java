package io.jenkins.plugins.mender.artifact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.InnerArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What mender-artifact does not write by itself, and servers take all the same. */
class OtherToolsTest {
    private static ArtifactBuilder builder() {
        return new ArtifactBuilder("release-1", "qemux86-64");
    }

    @ParameterizedTest
    @CsvSource({"GZIP", "XZ", "ZSTD"})
    void archivesInSeveralMembersAsParallelCompressorsWriteThem(Compression compression) throws IOException {
        for (String name : List.of("header.tar", "data/0000.tar")) {
            ArtifactParts parts = ArtifactParts.of(builder().payload(5000).compressed(compression, compression));
            String part = name + InnerArchive.suffix(compression);
            byte[] tar = parts.opened(part);
            ByteArrayOutputStream members = new ByteArrayOutputStream();
            for (int at = 0; at < tar.length; at += 700) {
                members.write(InnerArchive.compressed(
                        compression, Arrays.copyOfRange(tar, at, Math.min(tar.length, at + 700))));
            }
            byte[] artifact =
                    parts.replace(part, members.toByteArray()).withSums().bytes();
            for (Reading reading : Reading.values()) {
                assertThat(names(reading.of(artifact)), contains("payload.bin"));
            }
        }
    }

    /** Servers were seen to take both. */
    @ParameterizedTest
    @EnumSource
    void whatFollowsTheEndDoesNotMatter(Reading reading) throws IOException {
        byte[] artifact = ArtifactParts.recorded("rootfs-gzip");
        byte[] longer = Arrays.copyOf(artifact, artifact.length + 100);
        Arrays.fill(longer, artifact.length, longer.length, (byte) 0x55);
        assertThat(reading.of(longer).size(), is((long) longer.length));
        byte[] withoutEnd = Arrays.copyOf(artifact, artifact.length - 1024);
        assertThat(names(reading.of(withoutEnd)), contains("rootfs.ext4"));
    }

    /** What {@code mender-artifact write module-image --file /dev/null} makes; servers take it for an empty file. */
    @ParameterizedTest
    @EnumSource
    void theNullDeviceIsAnEmptyFile(Reading reading) throws IOException {
        ArtifactParts parts = ArtifactParts.of(builder().file("null", ""));
        parts.replace("data/0000.tar", RawTar.type(parts.content("data/0000.tar"), 0, '3'));
        PayloadFile file = reading.of(parts.bytes()).payloads().get(0).files().get(0);
        assertThat(file, is(new PayloadFile("null", 0, Manifest.sha256(new byte[0]), false)));
    }

    /** Other tools than mender-artifact write directories into the header. */
    @Test
    void directoriesInTheHeaderArePassedOver() throws IOException {
        ArtifactParts parts = ArtifactParts.of(builder().script("ArtifactInstall_Enter_01"));
        Map<String, byte[]> header = new LinkedHashMap<>();
        parts.files("header.tar").forEach((name, content) -> {
            if (name.startsWith("headers/") && !header.containsKey("headers/0000/")) {
                header.put("headers/", new byte[0]);
                header.put("headers/0000/", new byte[0]);
            } else if (name.startsWith("scripts/")) {
                header.put("scripts/", new byte[0]);
            }
            header.put(name, content);
        });
        byte[] artifact =
                parts.packed("header.tar", InnerArchive.tar(header)).withSums().bytes();
        assertThat(Reading.FULL.of(artifact).scripts(), contains("ArtifactInstall_Enter_01"));
    }

    /** GNU tar's way to write long names, where mender-artifact has that of POSIX. */
    @ParameterizedTest
    @EnumSource
    void longNamesAsGnuTarWritesThem(Reading reading) throws IOException {
        String name = "n".repeat(180);
        ArtifactParts parts = ArtifactParts.of(builder().file(name, "x"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(1);
            tar.putArchiveEntry(entry);
            tar.write('x');
            tar.closeArchiveEntry();
        }
        byte[] artifact = parts.replace("data/0000.tar", bytes.toByteArray()).bytes();
        assertThat(names(reading.of(artifact)), contains(name));
    }

    private static List<String> names(ArtifactContents contents) {
        Payload payload = contents.payloads().get(0);
        return payload.files().stream().map(PayloadFile::name).toList();
    }
}
