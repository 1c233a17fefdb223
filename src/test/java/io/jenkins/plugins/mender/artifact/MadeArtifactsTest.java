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
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Good Artifacts that the installed mender-artifact cannot write; see OtherToolsTest too. */
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
        parts.replace("manifest", parts.text("manifest").replace("0".repeat(64), Manifest.sha256(new byte[7])));
        ArtifactContents contents = reading.of(parts.withSums().bytes());
        assertThat(Reading.header(contents).payloadTypes(), contains("single-file", "second"));
        assertThat(contents.payloads().get(1).compression(), is(Compression.ZSTD));
        assertThat(
                contents.payloads().get(1).files(),
                contains(new PayloadFile("b", 7, Manifest.sha256(new byte[7]), false)));
    }

    private static String text(Map<String, byte[]> header) {
        return new String(header.get("header-info"));
    }

    private static List<String> names(ArtifactContents contents) {
        Payload payload = contents.payloads().get(0);
        return payload.files().stream().map(PayloadFile::name).toList();
    }
}
