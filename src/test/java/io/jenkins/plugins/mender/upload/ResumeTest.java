package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.http.TransportException.Failure;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.UploadFailure.Stored;
import io.jenkins.plugins.mender.upload.UploadOptions.IfExists;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that broke off goes on from its journal, at whatever point it was. */
class ResumeTest {
    private static final UploadOptions FAIL = UploadOptions.defaults();
    private static final UploadOptions REPLACE = FAIL.with(IfExists.REPLACE);

    /** Where a run breaks off. */
    private enum Point {
        BEFORE_SENDING,
        AFTER_STORING
    }

    @TempDir
    private Path folder;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private final EngineFixture engine = new EngineFixture(server);
    private final Transport honest = engine.transport;
    private UploadJournal journal = new UploadJournal();

    @Test
    void whatDidNotArriveIsSent() throws Exception {
        Path file = artifact("release", 1);
        breakOff(FAIL, Point.BEFORE_SENDING, 1, file);
        UploadResult result = resume(FAIL, file).get(0);
        assertThat(result.outcome(), is(Outcome.UPLOADED));
        assertThat(engine.log, hasItem(endsWith("build/release-1.mender was being sent: looking whether it arrived.")));
        assertThat(server.artifacts(), hasSize(1));
    }

    @Test
    void whatArrivedIsNotSentAgain() throws Exception {
        Path file = artifact("release", 1);
        breakOff(FAIL, Point.AFTER_STORING, 1, file);
        UploadResult result = resume(FAIL, file).get(0);
        assertThat(result.outcome(), is(Outcome.RECOVERED));
        assertThat(result.id(), is(server.artifacts().get(0).id()));
        assertThat(result.attempts(), is(0));
        assertThat(server.uploads(), hasSize(1));
    }

    @Test
    void aDeltaThatArrivedIsKnownByItsManifestOrItsSizeAndNotReusedUnseen() throws Exception {
        Path file = new ArtifactBuilder("release", "qemux86-64")
                .augmented("mender-binary-delta")
                .write(folder.resolve("release-1.mender"));
        breakOff(FAIL, Point.AFTER_STORING, 1, file);
        UploadOptions reuse = FAIL.with(IfExists.REUSE);
        assertThat(engine.upload(reuse, file).get(0).outcome(), is(Outcome.REUSED));
        String id = server.artifacts().get(0).id();
        server.answer(
                "GET /api/management/v1/deployments/artifacts/" + id + "/download", Reply.error(403, "Access denied."));
        assertThat(resume(FAIL, file).get(0).outcome(), is(Outcome.RECOVERED));
        assertThat(server.uploads(), hasSize(1));

        UploadFailure failure = assertThrows(UploadFailure.class, () -> engine.upload(reuse, file));
        assertThat(engine.told(failure), containsString("the server does not list it"));
    }

    @Test
    void filesBeforeAndBehindTheOneUnderWay() throws Exception {
        Path[] files = {artifact("one", 1), artifact("two", 2), artifact("three", 3)};
        breakOff(FAIL, Point.AFTER_STORING, 2, files);
        List<UploadResult> results = resume(FAIL, files);
        assertThat(
                results.stream().map(UploadResult::outcome).toList(),
                is(List.of(Outcome.UPLOADED, Outcome.RECOVERED, Outcome.UPLOADED)));
        assertThat(
                results.stream().map(UploadResult::fileName).toList(),
                is(List.of("build/one-1.mender", "build/two-2.mender", "build/three-3.mender")));
        assertThat(server.artifacts(), hasSize(3));
        assertThat(server.uploads(), hasSize(3));
    }

    @Test
    void aReplacementIsNotMistakenForWhatItReplaces() throws Exception {
        Path file = artifact("release", 1);
        String old = engine.upload(FAIL, file).get(0).id();
        breakOff(REPLACE, Point.BEFORE_SENDING, 1, file);
        UploadResult result = resume(REPLACE, file).get(0);
        assertThat(result.outcome(), is(Outcome.REPLACED));
        assertThat(server.artifacts(), hasSize(1));
        assertThat(server.artifacts().get(0).id().equals(old), is(false));
    }

    @Test
    void aReplacementThatArrivedIsLeftAlone() throws Exception {
        engine.upload(FAIL, artifact("release", 1));
        Path file = artifact("release", 2);
        breakOff(REPLACE, Point.AFTER_STORING, 1, file);
        String arrived = server.artifacts().get(0).id();
        UploadResult result = resume(REPLACE, file).get(0);
        assertThat(result.outcome(), is(Outcome.RECOVERED));
        assertThat(result.id(), is(arrived));
    }

    @Test
    void somebodyElsesArtifactIsNotTakenForOurs() throws Exception {
        Path file = artifact("release", 1);
        breakOff(FAIL, Point.BEFORE_SENDING, 1, file);
        engine.upload(FAIL, artifact("release", 2));
        UploadFailure failure = assertThrows(UploadFailure.class, () -> resume(FAIL, file));
        assertThat(failure.getMessage(), containsString("with other content"));
    }

    @Test
    void nothingIsSentWhenTheServerDoesNotTell() throws Exception {
        Path file = artifact("release", 1);
        breakOff(FAIL, Point.AFTER_STORING, 1, file);
        server.answer("GET /api/management/v2/deployments/artifacts", Reply.error(403, "Access denied (RBAC)."));
        UploadFailure failure = assertThrows(UploadFailure.class, () -> resume(FAIL, file));
        assertThat(failure.getMessage(), containsString("Jenkins was restarted while build/release-1.mender was"));
        assertThat(failure.getMessage(), containsString("The Artifact may have arrived"));
        assertThat(server.uploads(), hasSize(1));
    }

    @Test
    void aRunThatFailsBeforeItCouldLookDoesNotSayThatNothingWasUploaded() throws Exception {
        Path file = artifact("release", 1);
        UploadFailure failure = new UploadFailure("Mender refused the token.", Stored.NOTHING, List.of());
        assertThat(journal.beforeSending(failure).getMessage(), is("Mender refused the token. Nothing was uploaded."));
        breakOff(FAIL, Point.AFTER_STORING, 1, file);
        assertThat(
                journal.beforeSending(failure).getMessage(),
                is(
                        "Mender refused the token. The upload of build/release-1.mender was broken off: the server holds it only"
                                + " if it had arrived whole."));
    }

    @Test
    void anAbortedRunNamesNoFileWithControlCharacters() throws Exception {
        journal.sending("build/a\u001b[31m\nERROR: all.mender", "");
        assertThat(journal.stored(), containsString("The upload of build/a?[31m ERROR: all.mender was broken off"));
    }

    @Test
    void anAbortedRunSaysWhatTheServerMayHold() throws Exception {
        assertThat(journal.stored(), is("Nothing was uploaded."));
        breakOff(FAIL, Point.AFTER_STORING, 2, artifact("one", 1), artifact("two", 2));
        assertThat(
                journal.stored(),
                is("The upload of build/two-2.mender was broken off: the server holds it only if it had arrived whole."
                        + " Uploaded before: build/one-1.mender."));
    }

    @Test
    void aConflictOnTheSecondAttemptIsOurOwnFirst() throws Exception {
        Path file = artifact("release", 1);
        AtomicInteger posts = new AtomicInteger();
        engine.transport = (request, listener) -> {
            if (request.method().equals("POST") && posts.incrementAndGet() == 1) {
                throw new TransportException(Failure.CUT, "Connection reset", 25088, true);
            }
            if (request.method().equals("POST")) {
                honest.send(request); // the first one, on its way until now
            }
            return honest.send(request, listener);
        };
        UploadResult result = engine.upload(FAIL, file).get(0);
        assertThat(result.outcome(), is(Outcome.RECOVERED));
        assertThat(result.attempts(), is(2));
        assertThat(server.artifacts(), hasSize(1));
    }

    /** Runs until the upload of a number is reached, and breaks off there as an end of the process would. */
    private void breakOff(UploadOptions options, Point point, int upload, Path... files) {
        AtomicInteger posts = new AtomicInteger();
        int before = server.uploads().size();
        engine.transport = (request, listener) -> {
            if (request.method().equals("POST") && posts.incrementAndGet() == upload) {
                if (point == Point.AFTER_STORING) {
                    honest.send(request, listener);
                }
                throw new InterruptedException();
            }
            return honest.send(request, listener);
        };
        assertThrows(InterruptedException.class, () -> engine.upload(journal, options, files));
        engine.transport = honest;
        int sent = point == Point.AFTER_STORING ? upload : upload - 1;
        assertThat(server.uploads(), hasSize(before + sent));
    }

    private List<UploadResult> resume(UploadOptions options, Path... files) throws Exception {
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        new ObjectOutputStream(saved).writeObject(journal);
        journal = (UploadJournal) new ObjectInputStream(new ByteArrayInputStream(saved.toByteArray())).readObject();
        return engine.upload(journal, options, files);
    }

    private Path artifact(String name, int seed) throws Exception {
        return new ArtifactBuilder(name, "qemux86-64").seed(seed).write(folder.resolve(name + "-" + seed + ".mender"));
    }
}
