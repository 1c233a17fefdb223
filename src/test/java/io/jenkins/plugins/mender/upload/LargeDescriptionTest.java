package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.http.TransportException.Failure;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.UploadOptions.IfExists;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Artifacts of which a server says more than 64 KiB, and more than 4 MiB. */
class LargeDescriptionTest {
    private static final UploadOptions FAIL = UploadOptions.defaults();
    private static final UploadOptions REUSE = FAIL.with(IfExists.REUSE);
    private static final UploadOptions REPLACE = FAIL.with(IfExists.REPLACE);
    private static final int FILES = 600;

    @TempDir
    private Path folder;

    @AutoClose
    private SimulatedMenderServer server;

    private EngineFixture engine;
    private int files;

    private void start(Flavour flavour) {
        server = SimulatedMenderServer.start(flavour);
        engine = new EngineFixture(server);
    }

    @ParameterizedTest
    @EnumSource
    void oneWithManyFilesIsUploadedComparedReusedAndReplaced(Flavour flavour) throws Exception {
        start(flavour);
        String old = engine.upload(FAIL, manyFiles("1")).get(0).id();
        for (int seed = 0; seed < 10; seed++) { // together more than is read of a page
            engine.upload(
                    FAIL,
                    many(new ArtifactBuilder("release", "device-" + seed), "1").write(next()));
        }
        assertThat(engine.upload(REUSE, manyFiles("1")).get(0).outcome(), is(Outcome.REUSED));
        assertThat(engine.log, hasItem(containsString("Compared with Artifact " + old + " by manifest")));
        refuseLink(old);
        assertThat(engine.upload(REUSE, manyFiles("1")).get(0).outcome(), is(Outcome.REUSED));

        server.recover();
        UploadFailure other = assertThrows(UploadFailure.class, () -> engine.upload(REUSE, manyFiles("2")));
        assertThat(
                engine.told(other),
                containsString("    payload file 0/" + name(19) + ": other bytes\n    and 580 payload files more"));
        assertThat(engine.upload(REPLACE, manyFiles("2")).get(0).outcome(), is(Outcome.REPLACED));
    }

    @ParameterizedTest
    @EnumSource
    void aFileWithAShortManifestIsNotTheOneWithALongOne(Flavour flavour) throws Exception {
        start(flavour);
        engine.upload(FAIL, manyFiles("1"));
        Path small = new ArtifactBuilder("release", "a", "b").write(next());
        UploadFailure failure = assertThrows(UploadFailure.class, () -> engine.upload(REUSE, small));
        assertThat(engine.told(failure), containsString("payload file 0/" + name(0) + ": only on the server"));
        assertThat(server.storage().exchanges(), hasSize(1));
    }

    @ParameterizedTest
    @EnumSource
    void oneThatIsTooLargeToReadIsComparedByManifest(Flavour flavour) throws Exception {
        start(flavour);
        engine.upload(FAIL, tooLarge("1"));
        assertThat(engine.upload(REUSE, tooLarge("1")).get(0).outcome(), is(Outcome.REUSED));
        UploadFailure other = assertThrows(UploadFailure.class, () -> engine.upload(REUSE, tooLarge("2")));
        assertThat(engine.told(other), containsString("has other content:\n    header.tar: other bytes"));
        assertThat(server.uploads(), hasSize(1));
    }

    @ParameterizedTest
    @EnumSource
    void oneThatIsTooLargeToReadAndHasNoLinkCannotBeCompared(Flavour flavour) throws Exception {
        start(flavour);
        String old = engine.upload(FAIL, tooLarge("1")).get(0).id();
        refuseLink(old);
        for (UploadOptions options : new UploadOptions[] {FAIL, REUSE}) {
            UploadFailure failure = assertThrows(UploadFailure.class, () -> engine.upload(options, tooLarge("1")));
            assertThat(
                    failure.getMessage(),
                    is("release is on the server already: Artifact " + old
                            + ", which cannot be compared. Nothing was uploaded."));
            assertThat(
                    engine.told(failure),
                    containsString("for a, b cannot be compared: the server says more of it than is read, 4 MiB."));
        }
        assertThat(server.uploads(), hasSize(1));
    }

    @ParameterizedTest
    @EnumSource
    void oneThatIsTooLargeToReadIsNotDeletedUnseen(Flavour flavour) throws Exception {
        start(flavour);
        String old = engine.upload(FAIL, tooLarge("1")).get(0).id();
        for (String seed : new String[] {"1", "2"}) {
            UploadFailure failure = assertThrows(UploadFailure.class, () -> engine.upload(REPLACE, tooLarge(seed)));
            assertThat(engine.told(failure), containsString("so it is neither reused nor deleted"));
            assertThat(failure.getMessage(), endsWith("Nothing was uploaded."));
        }
        assertThat(server.artifacts().get(0).id(), is(old));
        assertThat(server.uploads(), hasSize(1));
    }

    @ParameterizedTest
    @EnumSource
    void oneForOtherDevicesOrOfAnotherNameIsNotInTheWay(Flavour flavour) throws Exception {
        start(flavour);
        engine.upload(FAIL, tooLarge("1"));
        engine.upload(FAIL, new ArtifactBuilder("release", "c").write(next()));
        engine.upload(FAIL, new ArtifactBuilder("rel", "a").write(next()));
        assertThat(server.artifacts(), hasSize(3));
    }

    @ParameterizedTest
    @EnumSource
    void afterALostAnswerItCountsAsArrivedOnlyIfItCanBeCompared(Flavour flavour) throws Exception {
        for (boolean link : new boolean[] {true, false}) {
            start(flavour);
            loseTheAnswer(link);
            if (link) {
                assertThat(engine.upload(FAIL, tooLarge("1")).get(0).outcome(), is(Outcome.RECOVERED));
            } else {
                UploadFailure failure = assertThrows(UploadFailure.class, () -> engine.upload(FAIL, tooLarge("1")));
                assertThat(failure.getMessage(), containsString("The Artifact may have arrived"));
                assertThat(engine.log, hasItem(containsString("cannot be compared: the server says more")));
            }
            assertThat(server.uploads(), hasSize(1));
            server.close();
        }
    }

    private void loseTheAnswer(boolean link) {
        var honest = engine.transport;
        AtomicInteger posts = new AtomicInteger();
        engine.transport = (request, listener) -> {
            var response = honest.send(request, listener);
            if (request.method().equals("POST") && posts.incrementAndGet() == 1) {
                if (!link) {
                    refuseLink(server.artifacts().get(0).id());
                }
                throw new TransportException(Failure.CUT, "Connection reset", response.sentBytes(), true);
            }
            return response;
        };
    }

    private void refuseLink(String id) {
        server.answer(
                "GET /api/management/v1/deployments/artifacts/" + id + "/download",
                Reply.error(403, "Access denied (RBAC)."));
    }

    private Path manyFiles(String content) throws IOException {
        return many(new ArtifactBuilder("release", "a", "b"), content).write(next());
    }

    private static ArtifactBuilder many(ArtifactBuilder builder, String content) {
        for (int i = 0; i < FILES; i++) {
            builder.file(name(i), content);
        }
        return builder;
    }

    private static String name(int file) {
        return String.format("a-file-with-a-name-as-long-as-those-of-a-package-%03d.bin", file);
    }

    private Path tooLarge(String content) throws IOException {
        String metaData = "{\"text\":\"" + content.repeat(5 * 1024 * 1024) + "\"}";
        return new ArtifactBuilder("release", "a", "b").metaData(metaData).write(next());
    }

    private Path next() {
        return folder.resolve("file-" + ++files + ".mender");
    }
}
