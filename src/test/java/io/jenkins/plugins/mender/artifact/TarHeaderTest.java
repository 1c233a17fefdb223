package io.jenkins.plugins.mender.artifact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes and checksums in tar headers, right ones and wrong ones. */
class TarHeaderTest {
    private ArtifactParts parts;

    @BeforeEach
    void takeApart() throws IOException {
        parts = ArtifactParts.of(new ArtifactBuilder("release-1", "qemux86-64").script("ArtifactInstall_Enter_01"));
    }

    private static void refused(byte[] artifact, Set<Problem> problems) {
        for (Reading reading : Reading.values()) {
            ArtifactException e = reading.failure(artifact);
            assertThat(reading + " " + e.getMessage(), e.problem(), is(in(problems)));
        }
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
