package io.jenkins.plugins.mender.artifact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.InnerArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tar allows and no Artifact has; sizes and checksums in tar headers, right ones and wrong ones. */
class HostileTarTest {
    private ArtifactParts parts;

    @BeforeEach
    void takeApart() throws IOException {
        parts = ArtifactParts.of(new ArtifactBuilder("release-1", "qemux86-64").script("ArtifactInstall_Enter_01"));
    }

    private void refused(Set<Problem> problems) throws IOException {
        refused(parts.bytes(), problems);
    }

    private static void refused(byte[] artifact, Set<Problem> problems) {
        for (Reading reading : Reading.values()) {
            ArtifactException e = reading.failure(artifact);
            assertThat(reading + " " + e.getMessage(), e.problem(), is(in(problems)));
        }
    }

    /** Hard link, symbolic link, block device, pipe, continuation of another volume, sparse file, and one of old times. */
    @ParameterizedTest
    @ValueSource(chars = {'1', '2', '4', '6', 'M', 'S', '7'})
    void linksAndDevicesAreNoFiles(char type) throws IOException {
        byte[] data = parts.content("data/0000.tar");
        parts.replace("data/0000.tar", RawTar.type(data, 0, type));
        refused(Set.of(Problem.MALFORMED));
        parts.replace("data/0000.tar", data);
        byte[] header = parts.content("header.tar");
        parts.replace("header.tar", RawTar.type(header, RawTar.headers(header).get(1), type))
                .withSums();
        refused(Set.of(Problem.MALFORMED));
        byte[] artifact = parts.bytes();
        refused(RawTar.type(artifact, RawTar.headers(artifact).get(1), type), Set.of(Problem.MALFORMED));
    }

    @Test
    void directoriesArePartsOfNothing() throws IOException {
        parts.insert("header.tar", "header/", new byte[0]);
        refused(Set.of(Problem.MISPLACED));
        parts.remove("header/").insert("data/0000.tar", "data/", new byte[0]);
        refused(Set.of(Problem.MISPLACED));
        parts.remove("data/").replace("data/0000.tar", InnerArchive.tar(Map.of("sub/", new byte[0])));
        refused(Set.of(Problem.UNLISTED));
    }

    /** POSIX headers say name and size again, and outrank those that follow. */
    @Test
    void posixHeadersThatContradict() throws IOException {
        posix("data/0000.tar", Map.of("size", "-1"));
        refused(Set.of(Problem.MALFORMED));
        posix("data/0000.tar", Map.of("size", "99999999999999999999"));
        refused(Set.of(Problem.MALFORMED));
        posix("data/0000.tar", Map.of("path", "../../etc/passwd"));
        refused(Set.of(Problem.UNLISTED));
        posix("data/0000.tar", Map.of("GNU.sparse.major", "1", "GNU.sparse.minor", "0", "GNU.sparse.realsize", "9"));
        refused(Set.of(Problem.MALFORMED));
        posix("data/0000.tar", Map.of("comment", "x".repeat(70_000)));
        refused(Set.of(Problem.TOO_LARGE));
    }

    private void posix(String part, Map<String, String> headers) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry extended = new TarArchiveEntry("./PaxHeaders/x", (byte) 'x');
            StringBuilder lines = new StringBuilder();
            headers.forEach((key, value) -> {
                int length = key.length() + value.length() + 3;
                int digits =
                        String.valueOf(length + String.valueOf(length).length()).length();
                lines.append(length + digits)
                        .append(' ')
                        .append(key)
                        .append('=')
                        .append(value)
                        .append('\n');
            });
            extended.setSize(lines.length());
            tar.putArchiveEntry(extended);
            tar.write(lines.toString().getBytes());
            tar.closeArchiveEntry();
            TarArchiveEntry file = new TarArchiveEntry("payload.bin");
            file.setSize(1000);
            tar.putArchiveEntry(file);
            tar.write(new byte[1000]);
            tar.closeArchiveEntry();
        }
        parts.replace(part, bytes.toByteArray());
    }

    /** Global headers hold for all that follows, and any number of them can come before a file. */
    @Test
    void globalHeadersWithoutEnd() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (int i = 0; i < 1000; i++) {
                TarArchiveEntry global =
                        new TarArchiveEntry("pax_global_header", TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER);
                global.addPaxHeader("comment", "more of them");
                tar.putArchiveEntry(global);
            }
        }
        parts.replace("data/0000.tar", bytes.toByteArray());
        refused(Set.of(Problem.TOO_LARGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "a/b", "../x", "/etc/passwd", "a\u0000b", "a\u001bb"})
    void pathsOutOfThePayload(String name) throws IOException {
        parts.replace("manifest", parts.text("manifest") + "0".repeat(64) + "  data/0000/" + name + "\n");
        refused(Set.of(Problem.MALFORMED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"scripts/../x", "scripts/..", "scripts/a/b", "headers/00000/type-info", "x"})
    void pathsOutOfTheHeader(String name) throws IOException {
        Map<String, byte[]> header = new LinkedHashMap<>();
        parts.files("header.tar")
                .forEach((path, content) -> header.put(path.startsWith("scripts/") ? name : path, content));
        parts.packed("header.tar", InnerArchive.tar(header)).withSums();
        refused(Set.of(Problem.MISPLACED));
    }

    @Test
    void filesThatAreThereTwice() throws IOException {
        byte[] header = parts.content("header.tar");
        byte[] one = InnerArchive.tar(Map.of("header-info", new byte[0]));
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        twice.write(one, 0, RawTar.RECORD);
        twice.write(header);
        parts.replace("header.tar", twice.toByteArray()).withSums();
        refused(Set.of(Problem.MALFORMED));

        parts.replace("header.tar", header).withSums();
        byte[] data = parts.content("data/0000.tar");
        ByteArrayOutputStream files = new ByteArrayOutputStream();
        files.write(data, 0, 3 * RawTar.RECORD);
        files.write(data);
        parts.replace("data/0000.tar", files.toByteArray());
        assertThat(Reading.FULL.failure(parts.bytes()).problem(), is(Problem.MALFORMED));
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                -1,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE - 511,
                Long.MAX_VALUE / 2 + 1,
                1L << 33,
                1L << 62
            })
    void sizesThatCannotBe(long size) throws IOException {
        Set<Problem> problems = Set.of(Problem.MALFORMED, Problem.TRUNCATED, Problem.TOO_LARGE);
        byte[] artifact = parts.bytes();
        for (int header : RawTar.headers(artifact).subList(1, 4)) {
            refused(RawTar.binarySize(artifact, header, size), problems);
        }
        refused(
                RawTar.binarySize(artifact, 0, size),
                Set.of(Problem.NOT_AN_ARTIFACT, Problem.TRUNCATED, Problem.TOO_LARGE));
        byte[] tar = parts.content("header.tar");
        for (int header : RawTar.headers(tar)) {
            parts.replace("header.tar", RawTar.binarySize(tar, header, size)).withSums();
            refused(parts.bytes(), problems);
        }
        parts.replace("header.tar", tar).withSums();
        byte[] data = parts.content("data/0000.tar");
        parts.replace("data/0000.tar", RawTar.binarySize(data, 0, size));
        assertThat(Reading.FULL.failure(parts.bytes()).problem(), is(in(problems)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999", "-0000000001", "zzzzzzzzzzz", "", "00000000 01"})
    void sizesThatAreNoNumbers(String size) throws IOException {
        byte[] artifact = parts.bytes();
        int header = RawTar.headers(artifact).get(2);
        refused(RawTar.size(artifact, header, size), Set.of(Problem.MALFORMED, Problem.MISSING, Problem.CHECKSUM));
    }

    @Test
    void headersWithAWrongChecksum() throws IOException {
        byte[] artifact = parts.bytes();
        artifact[RawTar.headers(artifact).get(1)] ^= 1;
        refused(artifact, Set.of(Problem.MALFORMED));
    }

    /** Large Artifacts are written with sizes in POSIX headers or in base 256; both are read. */
    @Test
    void sizesInBase256AreRead() throws IOException {
        byte[] artifact = parts.bytes();
        for (int header : RawTar.headers(artifact)) {
            if (artifact[header + 156] == '0') {
                long size = Long.parseLong(new String(artifact, header + 124, 11).strip(), 8);
                artifact = RawTar.binarySize(artifact, header, size);
            }
        }
        List<PayloadFile> files = Reading.FULL.of(artifact).payloads().get(0).files();
        assertThat(files.stream().map(PayloadFile::size).toList(), contains(1000L));
    }
}
