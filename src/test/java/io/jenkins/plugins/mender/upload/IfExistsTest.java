package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.simulator.StoredArtifact;
import io.jenkins.plugins.mender.upload.UploadOptions.IfExists;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens when the server holds an Artifact of that name already, on each version's way of telling so. */
class IfExistsTest {
    private static final String LIST_V1 = "GET /api/management/v1/deployments/artifacts/list";
    private static final String LIST_V2 = "GET /api/management/v2/deployments/artifacts";
    private static final UploadOptions FAIL = UploadOptions.defaults();
    private static final UploadOptions REUSE = FAIL.with(IfExists.REUSE);
    private static final UploadOptions REPLACE = FAIL.with(IfExists.REPLACE);

    @TempDir
    private Path folder;

    @AutoClose
    private SimulatedMenderServer server;

    private EngineFixture engine;
    private int files;

    private void start(Flavour flavour) throws IOException {
        server = SimulatedMenderServer.start(flavour);
        engine = new EngineFixture(server);
    }

    @ParameterizedTest
    @EnumSource
    void failNamesWhatIsThereAndSendsNothing(Flavour flavour) throws Exception {
        start(flavour);
        engine.upload(FAIL, artifact("release", 1, "a", "b"));
        StoredArtifact old = server.artifacts().get(0);

        UploadFailure same = refused(FAIL, artifact("release", 1, "a", "b"));
        assertThat(
                same.getMessage(),
                is("release is on the server already: Artifact " + old.id()
                        + ", with the same content. Nothing was uploaded."));
        assertThat(
                engine.told(same),
                containsString("of " + Texts.moment(old.modified().toString()) + " for a, b has the same content"));

        UploadFailure other = refused(FAIL, artifact("release", 2, "b", "c"));
        assertThat(other.getMessage(), containsString("Artifact " + old.id() + ", with other content."));
        assertThat(
                engine.told(other),
                allOf(
                        containsString("device_type: a, b on the server, b, c in the file"),
                        containsString("payload file 0/payload.bin: other bytes")));
        assertThat(server.uploads(), hasSize(1));
        assertThat(server.artifacts(), hasSize(1));
    }

    @ParameterizedTest
    @EnumSource
    void reuseGoesOnWithTheSameContentOnly(Flavour flavour) throws Exception {
        start(flavour);
        UploadResult first = engine.upload(REUSE, artifact("release", 1, "a")).get(0);
        UploadResult second = engine.upload(REUSE, artifact("release", 1, "a")).get(0);
        assertThat(first.outcome(), is(Outcome.UPLOADED));
        assertThat(second.outcome(), is(Outcome.REUSED));
        assertThat(second.id(), is(first.id()));
        assertThat(second.attempts(), is(0));
        assertThat(engine.log, hasItem(containsString("The server holds the same Artifact already: " + first.id())));

        UploadFailure other = refused(REUSE, artifact("release", 2, "a"));
        assertThat(engine.told(other), containsString("payload file 0/payload.bin: other bytes"));
        assertThat(engine.told(other), containsString("Only the same content can be reused."));
        assertThat(server.uploads(), hasSize(1));
    }

    @ParameterizedTest
    @EnumSource
    void replaceDeletesThenUploads(Flavour flavour) throws Exception {
        start(flavour);
        String old = engine.upload(FAIL, artifact("release", 1, "a")).get(0).id();
        UploadResult result =
                engine.upload(REPLACE, artifact("release", 2, "a")).get(0);
        assertThat(result.outcome(), is(Outcome.REPLACED));
        assertThat(result.id(), is(not(old)));
        assertThat(server.artifacts(), hasSize(1));
        assertThat(server.artifacts().get(0).id(), is(result.id()));
    }

    @ParameterizedTest
    @EnumSource
    void replaceLeavesWhatADeploymentUses(Flavour flavour) throws Exception {
        start(flavour);
        String old = engine.upload(FAIL, artifact("release", 1, "a")).get(0).id();
        server.deploy(old);
        UploadFailure failure = refused(REPLACE, artifact("release", 2, "a"));
        assertThat(
                failure.getMessage(),
                allOf(containsString("an unfinished deployment uses it"), endsWith("Nothing was uploaded.")));
        assertThat(server.artifacts().get(0).id(), is(old));
        assertThat(server.uploads(), hasSize(1));
    }

    @ParameterizedTest
    @EnumSource
    void replaceSaysThatTheOldOneIsGoneWhenTheNewOneFails(Flavour flavour) throws Exception {
        start(flavour);
        engine.upload(FAIL, artifact("release", 1, "a"));
        server.answer(SimulatedMenderServer.UPLOAD, Reply.error(413, "too large"));
        UploadFailure failure = refused(REPLACE, artifact("release", 2, "a"));
        assertThat(failure.getMessage(), endsWith("The old Artifact was deleted, and the new one is not there."));
        assertThat(server.artifacts(), hasSize(0));
    }

    @ParameterizedTest
    @EnumSource
    void severalInTheWayAreNotDeletedAtOnce(Flavour flavour) throws Exception {
        start(flavour);
        engine.upload(FAIL, artifact("release", 1, "a"), artifact("release", 2, "b"));
        UploadFailure failure = refused(REPLACE, artifact("release", 3, "a", "b"));
        assertThat(failure.getMessage(), containsString("2 Artifacts for some of its device types"));
        assertThat(server.artifacts(), hasSize(2));
    }

    @ParameterizedTest
    @EnumSource
    void otherDevicesOtherDependsAndSimilarNamesAreNotInTheWay(Flavour flavour) throws Exception {
        start(flavour);
        engine.upload(FAIL, artifact("release", 1, "a"));
        engine.upload(FAIL, artifact("release-2", 2, "a"));
        engine.upload(FAIL, artifact("RELEASE", 3, "a"));
        engine.upload(FAIL, artifact("rel", 4, "a"));
        engine.upload(FAIL, artifact("r*", 5, "a"));
        engine.upload(FAIL, artifact("release", 6, "b"));
        engine.upload(
                FAIL,
                new ArtifactBuilder("release", "a")
                        .payloadDepends("rootfs-image.version", "1")
                        .seed(7)
                        .write(next()));
        assertThat(server.artifacts(), hasSize(7));
    }

    @ParameterizedTest
    @EnumSource
    void theOneInTheWayIsFoundBehindManyPagesAndLongOnes(Flavour flavour) throws Exception {
        start(flavour);
        String[] manyDevices = new String[150];
        for (int i = 0; i < manyDevices.length; i++) {
            manyDevices[i] = "device-with-a-rather-long-name-" + i;
        }
        for (int i = 0; i < 45; i++) {
            engine.upload(FAIL, artifact("release-" + i, i, manyDevices));
        }
        for (int i = 0; i < 25; i++) {
            engine.upload(FAIL, artifact("release", i, "device-" + i));
        }
        UploadFailure failure = refused(FAIL, artifact("release", 100, "device-24"));
        assertThat(
                failure.getMessage(), containsString(server.artifacts().get(69).id()));
    }

    @ParameterizedTest
    @EnumSource
    void aRoleThatMayNotListFindsOutAfterSending(Flavour flavour) throws Exception {
        start(flavour);
        String old = engine.upload(FAIL, artifact("release", 1, "a")).get(0).id();
        refuseLists();
        UploadFailure failure = refused(REUSE, artifact("release", 1, "a"));
        assertThat(engine.log, hasItem(containsString("does not tell this token what it holds already (403")));
        assertThat(failure.getMessage(), containsString("is on the server already (409"));
        assertThat(server.artifacts().get(0).id(), is(old));
        assertThat(engine.upload(REUSE, artifact("release-2", 1, "a")).get(0).outcome(), is(Outcome.UPLOADED));
    }

    @ParameterizedTest
    @EnumSource
    void aConflictThatShowsOnlyAfterSendingIsJudgedTheSameWay(Flavour flavour) throws Exception {
        for (UploadOptions options : List.of(FAIL, REUSE, REPLACE)) {
            start(flavour);
            Path file = artifact("release", 1, "a");
            refuseLists();
            Transport honest = engine.transport;
            AtomicBoolean late = new AtomicBoolean();
            engine.transport = (request, listener) -> {
                if (request.method().equals("POST") && !late.getAndSet(true)) {
                    somebodyElseUploads(file);
                }
                return honest.send(request, listener);
            };
            if (options == FAIL) {
                assertThat(refused(options, file).getMessage(), containsString("with the same content"));
            } else {
                Outcome expected = options == REUSE ? Outcome.REUSED : Outcome.REPLACED;
                assertThat(engine.upload(options, file).get(0).outcome(), is(expected));
            }
            assertThat(server.artifacts(), hasSize(1));
            server.close();
        }
    }

    /** The same file, just before; and from then on the lists can be read again. */
    private void somebodyElseUploads(Path file) {
        try {
            server.recover();
            new EngineFixture(server).upload(FAIL, file);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void refuseLists() {
        server.answer(LIST_V1, Reply.error(403, "Access denied (RBAC)."));
        server.answer(LIST_V2, Reply.error(403, "Access denied (RBAC)."));
    }

    private UploadFailure refused(UploadOptions options, Path... files) {
        return assertThrows(UploadFailure.class, () -> engine.upload(options, files));
    }

    private Path artifact(String name, int seed, String... deviceTypes) throws IOException {
        return new ArtifactBuilder(name, deviceTypes).seed(seed).write(next());
    }

    private Path next() {
        return folder.resolve("file-" + ++files + ".mender");
    }
}
