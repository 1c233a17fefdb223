package io.jenkins.plugins.mender.artifact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.InnerArchive;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Artifacts that lack something, have too much of it, or in another order: found in every way of reading them. */
class BrokenArtifactTest {
    private static final String DATA = "data/0000.tar.gz";
    private static final String HEADER = "header.tar.gz";
    private ArtifactParts parts;

    @BeforeEach
    void takeApart() throws IOException {
        parts = ArtifactParts.of(new ArtifactBuilder("release-1", "qemux86-64")
                .script("ArtifactInstall_Enter_01")
                .file("a.bin", "first")
                .file("b.bin", "second")
                .compressed(Compression.GZIP, Compression.GZIP));
    }

    private void refused(Problem problem, String part, String detail) throws IOException {
        for (Reading reading : Reading.values()) {
            refused(reading, problem, part, detail);
        }
    }

    private void refused(Reading reading, Problem problem, String part, String detail) throws IOException {
        ArtifactException e = reading.failure(parts.bytes());
        assertThat(e.getMessage(), e.problem(), is(problem));
        assertThat(e.part(), is(part));
        assertThat(e.detail(), is(detail));
    }

    @Test
    void noVersionFirst() throws IOException {
        parts.remove("version");
        refused(Problem.NOT_AN_ARTIFACT, "", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "", "3", "{\"format\":\"other\",\"version\":3}", "{\"format\":\"mender\"}", "[[[[{"})
    void versionThatIsNone(String version) throws IOException {
        parts.replace("version", version);
        refused(Problem.NOT_AN_ARTIFACT, "", "");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 999_999_999})
    void formatsThatServersDoNotTake(int format) throws IOException {
        parts.replace("version", "{\"version\":" + format + ",\"format\":\"mender\"}");
        refused(Problem.UNKNOWN_FORMAT, "version", String.valueOf(format));
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", HEADER})
    void otherBytesThanTheManifestPromises(String part) throws IOException {
        byte[] changed = parts.content(part).clone();
        changed[changed.length - 1] ^= 1;
        parts.replace(part, part.equals("version") ? parts.text(part) + "\n" : new String(changed));
        refused(Problem.CHECKSUM, part, "");
    }

    @Test
    void partsThatAreNotThere() throws IOException {
        parts.remove(DATA);
        refused(Problem.MISSING, "data/0000/a.bin, data/0000/b.bin", "");
        parts.remove(HEADER);
        refused(Problem.MISSING, "header.tar", "");
        parts.remove("manifest");
        refused(Problem.MISSING, "manifest", "");
    }

    @Test
    void partsInAnotherOrder() throws IOException {
        byte[] header = parts.content(HEADER);
        parts.remove(HEADER).insert("", HEADER, header);
        refused(Problem.MISPLACED, DATA, "header.tar");
        parts.remove(HEADER).insert("manifest", HEADER, header);
        refused(Problem.MISPLACED, HEADER, "manifest");
    }

    @Test
    void partsThatBelongIntoNoArtifact() throws IOException {
        parts.insert("", "data/0000.tar.bz2", new byte[0]);
        refused(Problem.MISPLACED, "data/0000.tar.bz2", "data");
        parts.remove("data/0000.tar.bz2").insert(HEADER, "manifest.sig", new byte[0]);
        parts.insert(HEADER, "signature", new byte[0]);
        refused(Problem.MISPLACED, "signature", "header.tar");
    }

    @Test
    void augmentedPartsAreOfFormatThree() throws IOException {
        parts.insert(HEADER, "manifest-augment", new byte[0]);
        refused(Problem.MISPLACED, DATA, "header-augment.tar");
        parts.replace("version", "{\"format\":\"mender\",\"version\":2}").withSums();
        refused(Problem.MISPLACED, "manifest-augment", "header.tar");
    }

    @Test
    void payloadsThatTheHeaderDoesNotKnow() throws IOException {
        parts.insert("", "data/0001.tar", new byte[0]);
        refused(Problem.MALFORMED, "data/0001.tar", "the header knows no such payload");
        parts.replace("manifest", parts.text("manifest") + "0".repeat(64) + "  data/0007/x\n");
        refused(Problem.MALFORMED, "manifest", "the header knows no payload for data/0007/x");
    }

    @Test
    void partsThatAreThereTwice() throws IOException {
        parts.insert("", "data/0000.tar", new byte[0]);
        refused(Problem.MALFORMED, "data/0000.tar", "it is there twice");
        parts.replace("manifest", parts.text("manifest") + parts.text("manifest"));
        refused(Problem.MALFORMED, "manifest", "data/0000/a.bin is listed twice");
    }

    @Test
    void filesThatTheManifestDoesNotList() throws IOException {
        String manifest = parts.text("manifest");
        parts.replace("manifest", manifest.replaceAll("(?m)^.*header.tar.gz\n", ""));
        refused(Problem.UNLISTED, HEADER, "");
        parts.replace("manifest", manifest.replaceAll("(?m)^.*b.bin\n", ""));
        refused(Reading.FULL, Problem.UNLISTED, "data/0000/b.bin", "");
        parts.replace("manifest", manifest.replaceAll("(?m)^.*a.bin\n", ""));
        refused(Problem.UNLISTED, "data/0000/a.bin", "");
    }

    @Test
    void filesThatAreNotInTheArchive() throws IOException {
        parts.replace("manifest", parts.text("manifest") + "0".repeat(64) + "  data/0000/c.bin\n");
        refused(Reading.FULL, Problem.MISSING, "data/0000/c.bin", "");
        parts.packed(DATA, new byte[1024]);
        refused(Problem.MISSING, "data/0000/a.bin, data/0000/b.bin, data/0000/c.bin", "");
    }

    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "XZ", "ZSTD"})
    void archivesOfAnotherCompressionThanTheirNameSays(Compression compression) throws IOException {
        String name = "data/0000.tar" + InnerArchive.suffix(compression);
        parts.rename(DATA, name).replace(name, new byte[2048]);
        for (Reading reading : Reading.values()) {
            ArtifactException e = reading.failure(parts.bytes());
            assertThat(e.getMessage(), e.problem(), is(Problem.MALFORMED));
            assertThat(e.part(), is(name));
        }
    }

    @Test
    void manifestsThatAreNone() throws IOException {
        parts.replace("manifest", "# comment\n");
        refused(Problem.MALFORMED, "manifest", "line 1 is no checksum and path");
        parts.replace("manifest", "");
        refused(Problem.UNLISTED, "version", "");
    }

    /** As the servers' reader has it: what follows the last line break is not read. */
    @Test
    void manifestsWithOtherLineBreaks() throws IOException {
        String manifest = parts.text("manifest");
        parts.replace("manifest", manifest.stripTrailing());
        refused(Problem.MALFORMED, "manifest", "its last line has no line break");
        parts.replace("manifest", manifest.replace("\n", "\r\n"));
        refused(Problem.MALFORMED, "manifest", "line 1 ends in white space");
    }

    @Test
    void augmentedHeadersThatDoNotFit() throws IOException {
        parts = ArtifactParts.of(new ArtifactBuilder("release-1", "qemux86-64").augmented("delta"));
        String augment = parts.text("manifest-augment");
        byte[] header = parts.content("header-augment.tar");
        parts.rename("header-augment.tar", "header-augment.tar.gz")
                .replace("header-augment.tar.gz", InnerArchive.compressed(Compression.GZIP, header))
                .replace("manifest-augment", augment.replace("header-augment.tar", "header-augment.tar.gz"))
                .withSums();
        refused(Problem.MISPLACED, "header-augment.tar.gz", "header-augment.tar");
        parts.rename("header-augment.tar.gz", "header-augment.tar")
                .replace("header-augment.tar", header)
                .replace("manifest-augment", augment)
                .document("header-augment.tar", "headers/0001/type-info", old -> "{}");
        refused(Problem.MALFORMED, "header-augment.tar", "the header knows no such payload");
        parts.document("header-augment.tar", "headers/0001/type-info", old -> null)
                .document("header-augment.tar", "headers/0000/type-info", old -> null);
        refused(Problem.MISSING, "headers/0000/type-info", "");
    }

    @Test
    void headersWithoutTheirDocuments() throws IOException {
        Map<String, byte[]> header = parts.files(HEADER);
        byte[] script = header.remove("scripts/ArtifactInstall_Enter_01");
        header.put("scripts/ArtifactInstall_Enter_01", script);
        header(header);
        refused(Problem.MISPLACED, "scripts/ArtifactInstall_Enter_01", "headers");
        header.remove("scripts/ArtifactInstall_Enter_01");
        byte[] typeInfo = header.remove("headers/0000/type-info");
        header(header);
        refused(Problem.MISSING, "headers/0000/type-info", "");
        header.put("headers/0001/type-info", typeInfo);
        header(header);
        refused(Problem.MISSING, "headers/0000/type-info", "");
        Map<String, byte[]> other = new LinkedHashMap<>(Map.of("headers/0000/type-info", typeInfo));
        other.putAll(header);
        header(other);
        refused(Problem.MISPLACED, "headers/0000/type-info", "header-info");
        header(Map.of());
        refused(Problem.MISSING, "header-info", "");
        header(Map.of("headers/", new byte[0]));
        refused(Problem.MISPLACED, "headers/", "header-info");
    }

    private void header(Map<String, byte[]> files) throws IOException {
        parts.packed(HEADER, InnerArchive.tar(files)).withSums();
    }
}
