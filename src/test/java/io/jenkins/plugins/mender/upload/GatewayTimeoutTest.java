package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.http.Request;
import io.jenkins.plugins.mender.http.Request.Body.FileUpload;
import io.jenkins.plugins.mender.http.Response;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gateways that give up by the clock: whose time it is, how long that was, and that it is not tried again and again. */
class GatewayTimeoutTest {
    @TempDir
    private Path folder;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private final EngineFixture engine = new EngineFixture(server);
    private final Transport honest = engine.transport;
    private int uploads;
    private int status;
    private boolean whole;
    private int timeouts = Integer.MAX_VALUE;
    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = new ArtifactBuilder("release", "qemux86-64").write(folder.resolve("release.mender"));
        engine.transport = this::slow;
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 499, 504})
    void inTheMiddleOfTheFileIsTriedOnceMoreAtMost(int answer) {
        status = answer;
        UploadFailure failure = assertThrows(UploadFailure.class, () -> engine.upload(UploadOptions.defaults(), file));
        assertThat(uploads, is(2));
        assertThat(
                failure.getMessage(),
                allOf(
                        containsString("gave up after 1 min 0 s"),
                        containsString("sent"),
                        containsString("Nothing was")));
        assertThat(engine.told(failure), containsString("Traefik respondingTimeouts.readTimeout"));
    }

    @Test
    void onceInTheMiddleOfTheFileIsNoFailure() throws Exception {
        status = 408;
        timeouts = 1;
        assertThat(engine.upload(UploadOptions.defaults(), file).get(0).attempts(), is(2));
    }

    @Test
    void afterTheWholeFileIsLookedUp() throws Exception {
        status = 504;
        whole = true;
        UploadResult result = engine.upload(UploadOptions.defaults(), file).get(0);
        assertThat(result.outcome(), is(Outcome.RECOVERED));
        assertThat(uploads, is(1));
    }

    @Test
    void afterTheWholeFileThatIsNotThereNamesTheSettings() {
        status = 504;
        whole = true;
        server.answer(SimulatedMenderServer.UPLOAD, io.jenkins.plugins.mender.simulator.Reply.empty(500));
        UploadFailure failure = assertThrows(UploadFailure.class, () -> engine.upload(UploadOptions.defaults(), file));
        assertThat(failure.getMessage(), containsString("gave up after 1 min 0 s, when it had the whole file"));
        assertThat(engine.told(failure), containsString("nginx proxy_read_timeout"));
    }

    private Response slow(Request request, Transport.Listener listener)
            throws TransportException, InterruptedException {
        if (!(request.body() instanceof FileUpload upload) || timeouts == 0) {
            return honest.send(request, listener);
        }
        timeouts--;
        uploads++;
        engine.pacing.skip(Duration.ofMinutes(1));
        if (whole) {
            honest.send(request, listener);
        }
        return new Response(
                status,
                "",
                List.of(),
                new byte[0],
                false,
                whole ? upload.size() : upload.size() / 2,
                whole ? "0".repeat(64) : "",
                whole ? "0".repeat(32) : "");
    }
}
