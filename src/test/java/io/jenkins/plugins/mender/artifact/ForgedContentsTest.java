package io.jenkins.plugins.mender.artifact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.artifact.ArtifactContents.Manifests;
import io.jenkins.plugins.mender.http.Wire;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a forged agent says an Artifact holds. */
class ForgedContentsTest {
    private static final String SUM = "0123456789abcdef".repeat(4);
    private static final Map<String, String> SUMS = Map.of("data/0000/a", SUM);
    private static final Map<String, String> NO_DOCUMENTS = Map.of();

    /** {@link Manifests} as somebody else makes them. */
    private record Listed(String manifest, String signature, String augment, Map<String, String> sums)
            implements Serializable {
        private static final long serialVersionUID = 1;
    }

    /** {@link ArtifactContents} as somebody else makes them. */
    private record Contents(
            String version,
            String headerInfo,
            String augmentedHeaderInfo,
            Listed manifests,
            Compression headerCompression,
            List<? extends Serializable> scripts,
            List<? extends Serializable> payloads,
            boolean verified,
            long size)
            implements Serializable {
        private static final long serialVersionUID = 1;

        /** Names it shortly: a list of it can be too long to print. */
        @Override
        public String toString() {
            return "forged";
        }
    }

    /** {@link ArtifactContents.Payload} as somebody else makes it. */
    private record Part(
            Map<String, String> documents,
            Map<String, String> augmentedDocuments,
            Compression compression,
            List<? extends Serializable> files)
            implements Serializable {
        private static final long serialVersionUID = 1;
    }

    /** {@link ArtifactContents.PayloadFile} as somebody else makes it. */
    private record File(String name, long size, String sha256, boolean augmented) implements Serializable {
        private static final long serialVersionUID = 1;
    }

    @TempDir
    private Path folder;

    @Test
    void whatIsReadArrivesAsItIs() throws Exception {
        for (String name : List.of("rootfs-gzip.mender", "signed.mender", "everything.mender", "no-files.mender")) {
            ArtifactContents contents = ArtifactReader.read(ArtifactBuilder.recorded(name, folder.resolve(name)), true);
            assertThat(Wire.copy(contents), is(contents));
        }
        assertThat(
                received(contents(List.of(file("a"))))
                        .payloads()
                        .get(0)
                        .files()
                        .get(0)
                        .name(),
                is("a"));
    }

    static List<Contents> impossible() {
        String long1 = "x".repeat(1024 * 1024);
        Map<String, String> long4 = Map.of("meta-data", long1 + long1, "type-info", long1 + long1);
        Listed good = new Listed(SUM, "", "", SUMS);
        return List.of(
                new Contents(null, "", "", good, Compression.NONE, List.of(), List.of(), true, 1),
                new Contents("", null, "", good, Compression.NONE, List.of(), List.of(), true, 1),
                new Contents("", "", null, good, Compression.NONE, List.of(), List.of(), true, 1),
                new Contents("", "", "", null, Compression.NONE, List.of(), List.of(), true, 1),
                new Contents("", "", "", good, null, List.of(), List.of(), true, 1),
                new Contents("", "", "", good, Compression.NONE, null, List.of(), true, 1),
                new Contents("", "", "", good, Compression.NONE, List.of(), null, true, 1),
                new Contents("", "", "", good, Compression.NONE, List.of(), List.of(), true, -1),
                new Contents(long1, "", "", good, Compression.NONE, List.of(), List.of(), true, 1),
                new Contents("", long1.repeat(4), "", good, Compression.NONE, List.of(), List.of(), true, 1),
                scripts(Collections.nCopies(Integer.MAX_VALUE, "x")),
                scripts(Collections.nCopies(1000, long1)),
                scripts(List.of(1)),
                scripts(Collections.nCopies(2, null)),
                payloads(Collections.nCopies(
                        Integer.MAX_VALUE, new Part(NO_DOCUMENTS, NO_DOCUMENTS, Compression.NONE, List.of()))),
                payloads(List.of("no payload")),
                payloads(List.of(new Part(null, NO_DOCUMENTS, Compression.NONE, List.of()))),
                payloads(List.of(new Part(NO_DOCUMENTS, null, Compression.NONE, List.of()))),
                payloads(List.of(new Part(NO_DOCUMENTS, NO_DOCUMENTS, null, List.of()))),
                payloads(List.of(new Part(NO_DOCUMENTS, NO_DOCUMENTS, Compression.NONE, null))),
                payloads(List.of(new Part(long4, NO_DOCUMENTS, Compression.NONE, List.of()))),
                payloads(Collections.nCopies(
                        100, new Part(Map.of("meta-data", long1), NO_DOCUMENTS, Compression.NONE, List.of()))),
                payloads(List.of(new Part(nothing(), NO_DOCUMENTS, Compression.NONE, List.of()))),
                contents(Collections.nCopies(Integer.MAX_VALUE, file("a"))),
                contents(List.of(file("a"), file("b"))),
                contents(List.of("no file")),
                contents(List.of(file(null))),
                contents(List.of(file(""))),
                contents(List.of(file(".."))),
                contents(List.of(file("/etc/passwd"))),
                contents(List.of(file("a\n[Mender] Uploaded"))),
                contents(List.of(file("a".repeat(513)))),
                contents(List.of(new File("a", -2, SUM, false))),
                contents(List.of(new File("a", 1, "no sum", false))),
                contents(List.of(new File("a", 1, null, false))),
                manifests(new Listed(null, "", "", SUMS)),
                manifests(new Listed("", "", "", SUMS)),
                manifests(new Listed(SUM, null, "", SUMS)),
                manifests(new Listed(SUM, "signed", "", SUMS)),
                manifests(new Listed(SUM, "", SUM + SUM, SUMS)),
                manifests(new Listed(SUM, "", "", null)),
                manifests(new Listed(SUM, "", "", nothing())),
                manifests(new Listed(SUM, "", "", Map.of("data/0000/a", "no sum"))),
                manifests(new Listed(SUM, "", "", Map.of("x".repeat(513), SUM))));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void whatNoReaderComesToDoesNotArrive(Contents contents) {
        assertThrows(InvalidObjectException.class, () -> received(contents));
    }

    private static Map<String, String> nothing() {
        Map<String, String> map = new HashMap<>();
        map.put("a", null);
        return map;
    }

    private static File file(String name) {
        return new File(name, 1, SUM, false);
    }

    private static Contents manifests(Listed manifests) {
        return new Contents("", "", "", manifests, Compression.NONE, List.of(), List.of(), true, 1);
    }

    private static Contents scripts(List<? extends Serializable> scripts) {
        Listed good = new Listed(SUM, "", "", SUMS);
        return new Contents("", "", "", good, Compression.NONE, scripts, List.of(), true, 1);
    }

    private static Contents payloads(List<? extends Serializable> payloads) {
        Listed good = new Listed(SUM, "", "", SUMS);
        return new Contents("", "", "", good, Compression.NONE, List.of(), payloads, true, 1);
    }

    private static Contents contents(List<? extends Serializable> files) {
        return payloads(List.of(new Part(NO_DOCUMENTS, NO_DOCUMENTS, Compression.NONE, files)));
    }

    private static ArtifactContents received(Contents contents) throws Exception {
        return (ArtifactContents) Wire.read(Wire.forged(
                contents,
                Contents.class,
                ArtifactContents.class,
                Listed.class,
                Manifests.class,
                Part.class,
                ArtifactContents.Payload.class,
                File.class,
                ArtifactContents.PayloadFile.class));
    }
}
