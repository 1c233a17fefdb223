package io.jenkins.plugins.mender.artifact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.InnerArchive;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Artifacts made to cost memory or time: the reader stops at a bound. See HostileTarTest and CompressionBombTest too. */
class HostileArtifactTest {
    private static final int MIB = 1024 * 1024;

    private ArtifactParts parts;

    @BeforeEach
    void takeApart() throws IOException {
        parts = ArtifactParts.of(new ArtifactBuilder("release-1", "qemux86-64").script("ArtifactInstall_Enter_01"));
    }

    private void header(Map<String, byte[]> files) throws IOException {
        parts.packed("header.tar", InnerArchive.tar(files)).withSums();
    }

    @Test
    void manyFilesInTheHeader() throws IOException {
        Map<String, byte[]> header = new LinkedHashMap<>();
        header.put("header-info", new byte[0]);
        for (int i = 0; i < 1000; i++) {
            header.put("scripts/s" + i, new byte[0]);
        }
        header(header);
        Reading.tooLarge(parts, "header.tar", "1000 files");
    }

    @Test
    void manyPayloads() throws IOException {
        Map<String, byte[]> header = new LinkedHashMap<>();
        header.put("header-info", new byte[0]);
        for (int i = 0; i <= 100; i++) {
            header.put(String.format(Locale.ROOT, "headers/%04d/type-info", i), new byte[0]);
        }
        header(header);
        Reading.tooLarge(parts, "header.tar", "100 payloads");
    }

    @Test
    void largeDocuments() throws IOException {
        Map<String, byte[]> header = parts.files("header.tar");
        header.put("header-info", new byte[512 * 1024 + 1]);
        header(header);
        Reading.tooLarge(parts, "header-info", "524288 bytes");
        header.put("header-info", new byte[300 * 1024]);
        header.put("headers/0000/type-info", new byte[300 * 1024]);
        header(header);
        Reading.tooLarge(parts, "header.tar", "524288 bytes of documents");
    }

    @Test
    void largeVersionAndManifests() throws IOException {
        parts.replace("manifest", new byte[MIB + 1]);
        Reading.tooLarge(parts, "manifest", "1048576 bytes");
        parts.replace("version", new byte[4097]);
        Reading.tooLarge(parts, "version", "4096 bytes");
    }

    @Test
    void longNames() throws IOException {
        String line = "0".repeat(64) + "  " + "x".repeat(513) + "\n";
        parts.replace("manifest", parts.text("manifest") + line);
        Reading.tooLarge(parts, "manifest", "a path of 512 characters");
        Map<String, byte[]> header = parts.files("header.tar");
        header.put("scripts/" + "x".repeat(513), new byte[0]);
        header(header);
        parts.replace("manifest", parts.text("manifest").replace(line, "")).withSums();
        Reading.tooLarge(parts, "header.tar", "a name of 512 characters");
    }

    /** A terabyte and one byte, in a kilobyte. */
    @Test
    void filesThatClaimToBeHuge() throws IOException {
        byte[] header = parts.content("header.tar");
        int script = RawTar.headers(header).get(1);
        parts.replace("header.tar", RawTar.binarySize(header, script, (1L << 40) + 1))
                .withSums();
        for (Reading reading : Reading.values()) {
            assertThat(reading.failure(parts.bytes()).problem(), is(Problem.MALFORMED));
        }
        parts.replace("header.tar", header).withSums();
        byte[] data = parts.content("data/0000.tar");
        parts.replace("data/0000.tar", RawTar.binarySize(data, 0, (1L << 40) + 1));
        Reading.tooLarge(parts, "data/0000/payload.bin", "1099511627776 bytes");
    }

    @Test
    void longTextInAHostileFileEndsInOneShortLine() throws IOException {
        String line = "evil\n[Mender] fine\u001b[2J ".repeat(500);
        parts.insert("manifest", "x" + line.substring(0, 90), new byte[0]);
        ArtifactException e = Reading.FULL.failure(parts.bytes());
        assertThat(e.getMessage().lines().count(), is(1L));
        assertThat(e.getMessage().indexOf('\u001b'), is(-1));
        assertThat(e.getMessage().length(), is(lessThan(500)));
        byte[] zeros = new byte[100];
        Arrays.fill(zeros, (byte) '{');
        parts.replace("version", zeros);
        assertThat(Reading.FULL.failure(parts.bytes()).problem(), is(Problem.NOT_AN_ARTIFACT));
    }
}
