package io.jenkins.plugins.mender.artifact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.mender.artifact.ArtifactContents.Manifests;
import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.InnerArchive;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands at the begin of an Artifact, read with the rest of it and alone. */
class ManifestsTest {
    private static final int BEGINNING = 16 * 1024;

    @ParameterizedTest
    @ValueSource(strings = {"everything", "augmented", "delta", "format-2", "bootstrap", "scripts", "signed", "zstd"})
    void theBeginningSaysTheSameAsTheWhole(String name) throws IOException {
        byte[] artifact = ArtifactParts.recorded(name);
        Manifests alone = ArtifactReader.manifests(Arrays.copyOf(artifact, Math.min(BEGINNING, artifact.length)));
        for (Reading reading : Reading.values()) {
            assertThat(reading.of(artifact).manifests(), is(alone));
        }
        ArtifactParts parts = ArtifactParts.of(artifact);
        assertThat(alone.manifest(), is(Manifest.sha256(parts.content("manifest"))));
        assertThat(alone.signature(), is(sum(parts, "manifest.sig")));
        assertThat(alone.augment(), is(sum(parts, "manifest-augment")));
        assertThat(alone.sums(), hasKey("version"));
    }

    private static String sum(ArtifactParts parts, String name) {
        return parts.names().contains(name) ? Manifest.sha256(parts.content(name)) : "";
    }

    @Test
    void whatIsCutBeforeTheHeaderDoesNotSuffice() throws IOException {
        byte[] artifact = ArtifactParts.recorded("everything");
        Manifests whole = ArtifactReader.manifests(artifact);
        int suffices = 0;
        for (int length = 2048; length < BEGINNING; length += 100) {
            byte[] cut = Arrays.copyOf(artifact, length);
            try {
                assertThat(ArtifactReader.manifests(cut), is(whole));
                suffices++;
            } catch (ArtifactException e) {
                assertThat(e.getMessage(), e.problem(), is(Problem.TRUNCATED));
                assertThat(suffices, is(0));
            }
        }
        assertThat(suffices > 0, is(true));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 600})
    void whatIsNoArtifact(int bytes) {
        ArtifactException e = Reading.failure(() -> ArtifactReader.manifests(new byte[bytes]));
        assertThat(e.problem(), is(Problem.NOT_AN_ARTIFACT));
    }

    @Test
    void aManifestThatDoesNotFitTheVersion() throws IOException {
        ArtifactParts parts = ArtifactParts.of(builder());
        byte[] artifact = parts.replace("version", parts.text("version") + "\n").bytes();
        assertThat(Reading.failure(() -> ArtifactReader.manifests(artifact)).problem(), is(Problem.CHECKSUM));
    }

    @ParameterizedTest
    @EnumSource
    void aSignatureBeyondAllMeasure(Reading reading) throws IOException {
        byte[] artifact =
                ArtifactParts.of(builder().signed("s".repeat(1024 * 1024 + 1))).bytes();
        ArtifactException e = reading.failure(artifact);
        assertThat(e.problem(), is(Problem.TOO_LARGE));
        assertThat(e.part(), is("manifest.sig"));
    }

    @Test
    void everyPartOfTheBeginningCounts() throws IOException {
        Manifests one = manifests(builder());
        assertThat(manifests(builder()), is(one));
        assertThat(manifests(builder().signed()), is(not(one)));
        assertThat(
                manifests(builder().signed("one")), is(not(manifests(builder().signed("two")))));
        assertThat(manifests(builder().seed(2)), is(not(one)));
        assertThat(manifests(builder().script("ArtifactInstall_Enter_01")), is(not(one)));
        assertThat(manifests(builder().augmented("single-file")), is(not(one)));
    }

    @ParameterizedTest
    @EnumSource
    void metaDataIsKeptUnlessItIsLongOrInTwoPlaces(Reading reading) throws IOException {
        assertThat(metaData(reading, ArtifactParts.of(builder().metaData("{\"a\":1}"))), is("{\"a\":1}"));
        assertThat(metaData(reading, ArtifactParts.of(builder().type(null))), is(""));
        String longText = "{\"a\":\"" + "x".repeat(1024 * 1024) + "\"}";
        assertThat(metaData(reading, ArtifactParts.of(builder().metaData(longText))), is(Payload.UNKEPT_META_DATA));
        ArtifactParts augmented = ArtifactParts.of(builder().augmented("delta"));
        Map<String, byte[]> header = augmented.files("header-augment.tar");
        header.put("headers/0000/meta-data", "{}".getBytes());
        augmented.packed("header-augment.tar", InnerArchive.tar(header));
        assertThat(metaData(reading, augmented.withSums()), is(Payload.UNKEPT_META_DATA));
    }

    private static String metaData(Reading reading, ArtifactParts parts) throws IOException {
        return reading.of(parts.bytes()).payloads().get(0).metaData();
    }

    private static ArtifactBuilder builder() {
        return new ArtifactBuilder("release-1", "qemux86-64");
    }

    private static Manifests manifests(ArtifactBuilder builder) throws IOException {
        return ArtifactReader.manifests(ArtifactParts.of(builder).bytes());
    }
}
