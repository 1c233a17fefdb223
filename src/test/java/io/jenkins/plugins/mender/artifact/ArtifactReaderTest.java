package io.jenkins.plugins.mender.artifact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.api.ArtifactHeader;
import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Artifacts that mender-artifact wrote; what it says of them itself is compared in ArtifactTableTest. */
class ArtifactReaderTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "augmented, augmented-1, qemux86-64, docker, NONE, config.yaml 11 + app.bin 1500",
        "bootstrap, bootstrap-1, qemux86-64+raspberrypi4, '', GZIP, ''",
        "delta, release-delta, qemux86-64, mender-binary-delta, GZIP, rootfs.delta 900",
        "depends, release-dep, qemux86-64, rootfs-image, GZIP, rootfs.ext4 65536",
        "everything, everything-1, qemux86-64+Raspberry Pi 4, deb, XZ, app.bin 1500",
        "format-2, release-v2, qemux86-64, rootfs-image, GZIP, rootfs.ext4 4000",
        "module-two-devices, app-2.0, raspberrypi4+beaglebone, single-file, GZIP, app.bin 20000 + config.yaml 14",
        "no-files, no-files-1, qemux86-64, proxy, GZIP, ''",
        "rootfs-gzip, release-1, qemux86-64, rootfs-image, GZIP, rootfs.ext4 65536",
        "rootfs-lzma, release-lzma, qemux86-64, rootfs-image, XZ, rootfs.ext4 65536",
        "rootfs-none, release-none, qemux86-64, rootfs-image, NONE, rootfs.ext4 65536",
        "scripts, scripts-1, qemux86-64, single-file, GZIP, app.bin 1500 + config.yaml 11",
        "signed, release-1, qemux86-64, rootfs-image, GZIP, rootfs.ext4 65536",
        "unicode-name, my release 1.0 ümläut 日本, Raspberry Pi 4, script, GZIP, app.bin 20000",
        "zstd, release-zstd, qemux86-64, single-file, ZSTD, app.bin 1500 + config.yaml 11",
    })
    void readsInEveryWay(String file, String name, String devices, String type, Compression compression, String files)
            throws IOException {
        byte[] artifact = ArtifactParts.recorded(file);
        for (Reading reading : Reading.values()) {
            ArtifactContents contents = reading.of(artifact);
            ArtifactHeader header = Reading.header(contents);
            assertThat(header.name(), is(name));
            assertThat(String.join("+", header.deviceTypes()), is(devices));
            assertThat(header.payloadTypes(), contains(type));
            assertThat(header.formatVersion(), is(file.equals("format-2") ? 2 : 3));
            assertThat(
                    contents.signed(),
                    is(List.of("delta", "everything", "format-2", "signed").contains(file)));
            assertThat(contents.size(), is((long) artifact.length));
            assertThat(contents.verified(), is(reading != Reading.STRUCTURE));
            assertThat(contents.headerCompression(), is(compression));
            Payload payload = contents.payloads().get(0);
            assertThat(payload.compression(), is(compression));
            String found = String.join(
                    " + ",
                    payload.files().stream().map(ArtifactReaderTest::described).toList());
            assertThat(found, is(reading == Reading.STRUCTURE ? files.replaceAll("(\\+ \\S+) \\d+", "$1") : files));
        }
    }

    private static String described(PayloadFile file) {
        return file.sizeKnown() ? file.name() + ' ' + file.size() : file.name();
    }

    @ParameterizedTest
    @EnumSource
    void knowsWhichFilesServersDoNotList(Reading reading) throws IOException {
        List<PayloadFile> files = reading.of(ArtifactParts.recorded("augmented"))
                .payloads()
                .get(0)
                .files();
        assertThat(files.stream().map(PayloadFile::augmented).toList(), contains(false, true));
    }

    @ParameterizedTest
    @EnumSource
    void knowsTheStateScriptsInTheirOrder(Reading reading) throws IOException {
        assertThat(
                reading.of(ArtifactParts.recorded("scripts")).scripts(),
                contains("ArtifactInstall_Enter_01", "ArtifactCommit_Leave_50", "ArtifactRollback_Enter_10"));
        assertThat(reading.of(ArtifactParts.recorded("signed")).scripts(), is(empty()));
    }

    @Test
    void takesDependsOfPayloadsAndOfTheAugmentedHeader() throws IOException {
        ArtifactHeader everything = Reading.header(Reading.STRUCTURE.of(ArtifactParts.recorded("everything")));
        assertThat(everything.depends().get("artifact_name"), contains("release-1", "release-2"));
        assertThat(everything.depends().get("artifact_group"), contains("stable", "beta"));
        assertThat(everything.depends().get("kernel"), contains("6.1"));
        assertThat(everything.provides().get("artifact_group"), is("edge"));
        ArtifactHeader augmented = Reading.header(Reading.STRUCTURE.of(ArtifactParts.recorded("augmented")));
        assertThat(augmented.depends().get("docker.version"), contains("1"));
        assertThat(augmented.provides().get("docker.image"), is("app"));
    }

    @ParameterizedTest
    @CsvSource({
        "broken-empty, NOT_AN_ARTIFACT, ''",
        "broken-garbage, NOT_AN_ARTIFACT, ''",
        "broken-truncated, TRUNCATED, data/0000.tar.gz",
        "broken-payload-byte, CHECKSUM, data/0000/rootfs.ext4",
    })
    void refusesWhatIsBroken(String file, Problem problem, String part) throws IOException {
        byte[] artifact = ArtifactParts.recorded(file);
        for (Reading reading : Reading.values()) {
            if (reading != Reading.STRUCTURE || problem != Problem.CHECKSUM) {
                ArtifactException e = reading.failure(artifact);
                assertThat(e.problem(), is(problem));
                assertThat(e.part(), is(part));
            }
        }
        if (problem == Problem.CHECKSUM) {
            assertThat(Reading.STRUCTURE.of(artifact).verified(), is(false));
        }
    }

    /** However little is missing, and wherever: all but one or both records of the tar's own end is needed. */
    @Test
    void cutAnywhere() throws IOException {
        byte[] artifact = ArtifactParts.recorded("scripts");
        int needed = artifact.length - 2 * RawTar.RECORD;
        for (int length = 0; length < artifact.length; length += 61) {
            byte[] cut = Arrays.copyOf(artifact, length);
            Problem expected = length < RawTar.RECORD ? Problem.NOT_AN_ARTIFACT : Problem.TRUNCATED;
            for (Reading reading : Reading.values()) {
                assertThat(length + " in " + reading, reading.failure(cut).problem(), is(expected));
            }
        }
        for (int length : new int[] {needed, needed + RawTar.RECORD, artifact.length}) {
            for (Reading reading : Reading.values()) {
                assertThat(reading.of(Arrays.copyOf(artifact, length)).size(), is((long) length));
            }
        }
    }

    @Test
    void tellsABrokenDiskFromABrokenFile() throws IOException {
        byte[] artifact = ArtifactParts.recorded("rootfs-gzip");
        for (int good : new int[] {0, 100, 512, 2000, 5000, 40_000}) {
            IOException broken = new IOException("disk");
            InputStream in = new SequenceInputStream(new ByteArrayInputStream(artifact, 0, good), failing(broken));
            assertThat(assertThrows(IOException.class, () -> ArtifactReader.read(in)), is(broken));
        }
        IOException broken = new IOException("disk");
        SeekableInMemoryByteChannel disk = new SeekableInMemoryByteChannel(artifact) {
            @Override
            public int read(ByteBuffer buffer) throws IOException {
                throw broken;
            }
        };
        assertThat(assertThrows(IOException.class, () -> ArtifactReader.read(disk, true)), is(broken));
    }

    private static InputStream failing(IOException e) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw e;
            }
        };
    }

    @Test
    void anInterruptEndsTheReading() throws IOException {
        Path file = Files.write(folder.resolve("a.mender"), ArtifactParts.recorded("rootfs-gzip"));
        Thread.currentThread().interrupt();
        assertThrows(ClosedByInterruptException.class, () -> ArtifactReader.read(file, true));
        assertThat(Thread.interrupted(), is(true));
    }
}
