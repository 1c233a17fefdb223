package io.jenkins.plugins.mender.artifact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.mender.api.ArtifactHeader;
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

/** Good Artifacts that the installed mender-artifact cannot write, and some that other tools write. */
class MadeArtifactsTest {
    private static ArtifactBuilder builder() {
        return new ArtifactBuilder("release-1", "qemux86-64");
    }

    @ParameterizedTest
    @CsvSource({"NONE, ZSTD", "ZSTD, NONE", "GZIP, XZ", "XZ, GZIP", "ZSTD, XZ", "NONE, GZIP"})
    void headerAndPayloadChooseTheirCompression(Compression header, Compression data) throws IOException {
        byte[] artifact = ArtifactParts.of(builder().compressed(header, data)).bytes();
        for (Reading reading : Reading.values()) {
            ArtifactContents contents = reading.of(artifact);
            assertThat(contents.headerCompression(), is(header));
            assertThat(contents.payloads().get(0).compression(), is(data));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCompressionCanHaveAugmentedParts(Compression compression) throws IOException {
        ArtifactBuilder builder = builder()
                .type("rootfs-image")
                .augmented("mender-binary-delta")
                .payloadDepends("rootfs-image.checksum", "abc")
                .signed()
                .compressed(compression, compression);
        for (Reading reading : Reading.values()) {
            ArtifactContents contents = reading.of(ArtifactParts.of(builder).bytes());
            ArtifactHeader header = Reading.header(contents);
            assertThat(header.payloadTypes(), contains("mender-binary-delta"));
            assertThat(header.depends().get("rootfs-image.checksum"), contains("abc"));
            assertThat(contents.signed(), is(true));
            assertThat(names(contents), contains("payload.bin"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyPayloadHasNoDataOrAnEmptyArchive(Reading reading) throws IOException {
        ArtifactParts parts = ArtifactParts.of(builder().type(null));
        assertThat(names(reading.of(parts.bytes())), is(empty()));
        assertThat(Reading.header(reading.of(parts.bytes())).payloadTypes(), contains(""));
        parts.insert("", "data/0000.tar", new byte[0]);
        assertThat(names(reading.of(parts.bytes())), is(empty()));
        parts.replace("data/0000.tar", new byte[1024]);
        assertThat(names(reading.of(parts.bytes())), is(empty()));
    }

    @ParameterizedTest
    @EnumSource
    void formatTwoWithAScriptAndSignature(Reading reading) throws IOException {
        ArtifactBuilder builder = builder()
                .format(2)
                .type("rootfs-image")
                .script("ArtifactInstall_Enter_01")
                .signed();
        ArtifactContents contents = reading.of(ArtifactParts.of(builder).bytes());
        ArtifactHeader header = Reading.header(contents);
        assertThat(header.formatVersion(), is(2));
        assertThat(header.name(), is("release-1"));
        assertThat(header.deviceTypes(), contains("qemux86-64"));
        assertThat(contents.scripts(), contains("ArtifactInstall_Enter_01"));
    }

    @ParameterizedTest
    @EnumSource
    void namesInAnyScriptAndOfAnyLength(Reading reading) throws IOException {
        String name = "релиз ١ リリース 🚀";
        String file = "файл-" + "日".repeat(200) + ".bin";
        ArtifactBuilder builder =
                new ArtifactBuilder(name, "Gerät ß", "設備").file(file, "x").script("s".repeat(200));
        ArtifactContents contents = reading.of(ArtifactParts.of(builder).bytes());
        assertThat(Reading.header(contents).name(), is(name));
        assertThat(Reading.header(contents).deviceTypes(), contains("Gerät ß", "設備"));
        assertThat(names(contents), contains(file));
        assertThat(contents.scripts(), contains("s".repeat(200)));
    }

    @ParameterizedTest
    @EnumSource
    void severalPayloads(Reading reading) throws IOException {
        ArtifactParts parts = ArtifactParts.of(builder());
        Map<String, byte[]> header = parts.files("header.tar");
        header.put(
                "header-info",
                text(header).replace("}],", "},{\"type\":\"second\"}],").getBytes());
        header.put("headers/0001/type-info", "{\"type\":\"second\"}".getBytes());
        parts.packed("header.tar", InnerArchive.tar(header))
                .replace("manifest", parts.text("manifest") + "0".repeat(64) + "  data/0001/b\n")
                .insert("", "data/0001.tar.zst", new byte[0])
                .packed("data/0001.tar.zst", InnerArchive.tar(Map.of("b", new byte[7])));
        parts.replace("manifest", parts.text("manifest").replace("0".repeat(64), Digesting.of(new byte[7])));
        ArtifactContents contents = reading.of(parts.withSums().bytes());
        assertThat(Reading.header(contents).payloadTypes(), contains("single-file", "second"));
        assertThat(contents.payloads().get(1).compression(), is(Compression.ZSTD));
        assertThat(
                contents.payloads().get(1).files(),
                contains(new PayloadFile("b", 7, Digesting.of(new byte[7]), false)));
    }

    private static String text(Map<String, byte[]> header) {
        return new String(header.get("header-info"));
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
        assertThat(file, is(new PayloadFile("null", 0, Digesting.of(new byte[0]), false)));
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
