package io.jenkins.plugins.mender.artifact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.api.ArtifactHeader;
import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expectations are what {@code mender-artifact read} 3.9 prints for these files. */
class ArtifactReaderTest {

    @ParameterizedTest
    @CsvSource({
        "rootfs-gzip, release-1, qemux86-64, rootfs-image, false",
        "rootfs-lzma, release-lzma, qemux86-64, rootfs-image, false",
        "rootfs-none, release-none, qemux86-64, rootfs-image, false",
        "signed, release-1, qemux86-64, rootfs-image, true",
        "depends, release-dep, qemux86-64, rootfs-image, false",
        "module-two-devices, app-2.0, raspberrypi4+beaglebone, single-file, false",
        "unicode-name, my release 1.0 ümläut 日本, Raspberry Pi 4, script, false",
    })
    void tellsWhatMenderArtifactTells(String file, String name, String devices, String type, boolean signed)
            throws IOException {
        ArtifactContents contents = read(file);
        ArtifactHeader header = header(contents);
        assertThat(header.name(), is(name));
        assertThat(String.join("+", header.deviceTypes()), is(devices));
        assertThat(header.payloadTypes(), contains(type));
        assertThat(header.formatVersion(), is(3));
        assertThat(contents.signed(), is(signed));
    }

    @Test
    void tellsEveryFileOfAPayload() throws IOException {
        assertThat(
                read("module-two-devices").payloads().get(0).files().stream()
                        .map(PayloadFile::name)
                        .toList(),
                contains("app.bin", "config.yaml"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"broken-empty", "broken-garbage"})
    void refusesWhatIsNoArtifact(String file) {
        ArtifactException e = assertThrows(ArtifactException.class, () -> read(file));
        assertThat(e.problem(), is(Problem.NOT_AN_ARTIFACT));
    }

    @Test
    void refusesAFileThatWasCutShort() {
        ArtifactException e = assertThrows(ArtifactException.class, () -> read("broken-truncated"));
        assertThat(e.problem(), is(Problem.TRUNCATED));
    }

    @Test
    void refusesAPayloadWithOneWrongByteAndNamesIt() {
        ArtifactException e = assertThrows(ArtifactException.class, () -> read("broken-payload-byte"));
        assertThat(e.problem(), is(Problem.CHECKSUM));
        assertThat(e.part(), is("data/0000/rootfs.ext4"));
    }

    private static ArtifactContents read(String name) throws IOException {
        try (InputStream in = ArtifactReaderTest.class.getResourceAsStream("/artifacts/" + name + ".mender")) {
            return ArtifactReader.read(in);
        }
    }

    private static ArtifactHeader header(ArtifactContents contents) {
        return ArtifactHeader.parse(
                contents.version(),
                contents.headerInfo(),
                contents.payloads().stream().map(Payload::typeInfo).toList());
    }
}
