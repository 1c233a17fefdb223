package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.artifact.Compression;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.UploadOptions.IfExists;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The same content means the same bytes: of header, state scripts, meta-data, payloads and signature. */
class SameContentTest {
    private static final UploadOptions REUSE = UploadOptions.defaults().with(IfExists.REUSE);

    @TempDir
    private Path folder;

    @AutoClose
    private SimulatedMenderServer server;

    private EngineFixture engine;
    private int files;

    /**
     * Two Artifacts with the same payload.
     *
     * @param name what differs
     * @param stored makes the one that is on the server
     * @param sent makes the other one
     * @param words how the difference is told
     * @param listed whether servers list it
     */
    private record Pair(
            String name,
            UnaryOperator<ArtifactBuilder> stored,
            UnaryOperator<ArtifactBuilder> sent,
            String words,
            boolean listed) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Pair> pairs() {
        return List.of(
                new Pair("signed", a -> a, a -> a.signed(), "signature: the file has one, the Artifact on", true),
                new Pair("unsigned", a -> a.signed(), a -> a, "signature: the Artifact on the server has one", true),
                new Pair(
                        "signed twice",
                        a -> a.signed("b25l"),
                        a -> a.signed("dHdv"),
                        "signature: another one for the same content",
                        false),
                new Pair(
                        "state script",
                        a -> a.script("ArtifactInstall_Enter_01", "#!/bin/sh\nexit 0\n"),
                        a -> a.script("ArtifactInstall_Enter_01", "#!/bin/sh\nexit 1\n"),
                        "header.tar: other bytes, while nothing differs that the server lists of it: other state scripts",
                        false),
                new Pair(
                        "meta-data",
                        a -> a.metaData("{\"a\":{\"b\":1}}"),
                        a -> a.metaData("{\"a\":{\"b\":2}}"),
                        "meta-data of payload 0: not the same",
                        true),
                new Pair(
                        "payload type",
                        a -> a.type("single-file"),
                        a -> a.type("script"),
                        "type of payload 0: single-file on the server, script in the file",
                        true),
                new Pair(
                        "provides",
                        a -> a.provides("app.version", "1"),
                        a -> a.provides("app.version", "2"),
                        "provides app.version: 1 on the server, 2 in the file",
                        true),
                new Pair(
                        "clears provides",
                        a -> a.clears("app.*"),
                        a -> a,
                        "clears provides: app.* on the server, none in the file",
                        true),
                new Pair(
                        "compression of the header",
                        a -> a,
                        a -> a.compressed(Compression.GZIP, Compression.NONE),
                        "header: header.tar on the server, header.tar.gz in the file",
                        true));
    }

    static Stream<Arguments> pairsOnFlavours() {
        return Stream.of(Flavour.values())
                .flatMap(flavour -> pairs().stream().map(pair -> Arguments.of(pair, flavour)));
    }

    private void start(Flavour flavour) {
        server = SimulatedMenderServer.start(flavour);
        engine = new EngineFixture(server);
    }

    @ParameterizedTest
    @MethodSource("pairsOnFlavours")
    void whatDiffersIsNamedAndNotReused(Pair pair, Flavour flavour) throws Exception {
        start(flavour);
        engine.upload(REUSE, write(pair.stored()));
        UploadFailure failure = assertThrows(UploadFailure.class, () -> engine.upload(REUSE, write(pair.sent())));
        assertThat(
                engine.told(failure),
                allOf(
                        containsString("Compared with Artifact " + id() + " by manifest"),
                        containsString(" has other content:\n    " + pair.words())));
        assertThat(server.uploads(), hasSize(1));
    }

    @ParameterizedTest
    @MethodSource("pairsOnFlavours")
    void whatIsTheSameIsReused(Pair pair, Flavour flavour) throws Exception {
        start(flavour);
        engine.upload(REUSE, write(pair.sent()));
        UploadResult again = engine.upload(REUSE, write(pair.sent())).get(0);
        assertThat(again.outcome(), is(Outcome.REUSED));
        assertThat(engine.log, hasItem(containsString("Compared with Artifact " + id() + " by manifest")));
    }

    @ParameterizedTest
    @MethodSource("pairsOnFlavours")
    void withoutADownloadLinkWhatIsListedIsComparedAndTheLogSaysSo(Pair pair, Flavour flavour) throws Exception {
        start(flavour);
        engine.upload(REUSE, write(pair.stored()));
        refuseLink();
        Path other = write(pair.sent());
        if (pair.listed()) {
            UploadFailure failure = assertThrows(UploadFailure.class, () -> engine.upload(REUSE, other));
            String words = pair.words().startsWith("header:") ? "size: " : pair.words();
            assertThat(engine.told(failure), containsString(" has other content:\n    " + words));
        } else {
            assertThat(engine.upload(REUSE, other).get(0).outcome(), is(Outcome.REUSED));
        }
        assertThat(
                engine.log,
                hasItem("Compared with Artifact " + id()
                        + " by what the server lists, since its manifest cannot be read:"
                        + " The server gives no download link (403 Access denied (RBAC).). State scripts and the bytes of"
                        + " a signature are not listed."));
        assertThat(server.storage().exchanges(), is(empty()));
        assertThat(server.uploads(), hasSize(1));
    }

    @ParameterizedTest
    @MethodSource("pairsOnFlavours")
    void whatIsListedTheSameIsReusedWithoutADownloadLink(Pair pair, Flavour flavour) throws Exception {
        start(flavour);
        engine.upload(REUSE, write(pair.sent()));
        refuseLink();
        assertThat(engine.upload(REUSE, write(pair.sent())).get(0).outcome(), is(Outcome.REUSED));
    }

    @ParameterizedTest
    @MethodSource("pairsOnFlavours")
    void afterALostAnswerOnlyTheFileItselfHasArrived(Pair pair, Flavour flavour) throws Exception {
        start(flavour);
        Path file = write(pair.sent());
        UploadJournal journal = new UploadJournal();
        breakOff(journal, file);
        engine.upload(REUSE, write(pair.stored()));
        assertThrows(UploadFailure.class, () -> engine.upload(journal, REUSE, file));
        server.clear();
        engine.upload(REUSE, file);
        assertThat(engine.upload(journal, REUSE, file).get(0).outcome(), is(Outcome.RECOVERED));
        refuseLink();
        UploadJournal once = new UploadJournal();
        breakOff(once, file);
        assertThat(engine.upload(once, REUSE, file).get(0).outcome(), is(Outcome.RECOVERED));
        assertThat(engine.log, hasItem(containsString("by what the server lists, since")));
    }

    /** The recorded ones have all that mender-artifact writes. */
    @ParameterizedTest
    @EnumSource
    void whatMenderArtifactWritesIsTheSameAsItself(Flavour flavour) throws Exception {
        start(flavour);
        for (String name : List.of("everything", "augmented", "delta", "format-2", "bootstrap", "scripts", "zstd")) {
            Path file = ArtifactBuilder.recorded(name + ".mender", folder.resolve(flavour + name));
            engine.upload(REUSE, file);
            assertThat(name, engine.upload(REUSE, file).get(0).outcome(), is(Outcome.REUSED));
            if (!name.equals("augmented") && !name.equals("delta")) {
                refuseLink();
                assertThat(name, engine.upload(REUSE, file).get(0).outcome(), is(Outcome.REUSED));
            }
            server.recover();
            server.clear();
        }
    }

    /** Leaves a journal as a run does that broke off while the file was being sent. */
    private static void breakOff(UploadJournal journal, Path file) throws InterruptedException {
        journal.sending("build/" + file.getFileName(), "");
    }

    private String id() {
        return server.artifacts().get(0).id();
    }

    private void refuseLink() {
        server.answer(
                "GET /api/management/v1/deployments/artifacts/" + id() + "/download",
                Reply.error(403, "Access denied (RBAC)."));
    }

    private Path write(UnaryOperator<ArtifactBuilder> with) throws IOException {
        Path file = folder.resolve("file-" + ++files + ".mender");
        return with.apply(new ArtifactBuilder("release", "a")).write(file);
    }
}
