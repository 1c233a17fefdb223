package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Fault;
import io.jenkins.plugins.mender.simulator.FaultCase;
import io.jenkins.plugins.mender.simulator.FaultyGateway;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes wrong between an upload and its server: the outcome, what the server holds, and how often it was sent. */
class FaultMatrixTest {
    @TempDir
    private static Path folder;

    private static Path large;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @AutoClose
    private FaultyGateway gateway;

    private EngineFixture engine;

    @BeforeEach
    void start() throws Exception {
        if (large == null) {
            large = new ArtifactBuilder("large", "qemux86-64")
                    .payload(FaultCase.FILE_BYTES)
                    .write(folder.resolve("large.mender"));
        }
        gateway = new FaultyGateway(server);
        engine = new EngineFixture(server);
        engine.url = gateway.url();
        engine.transport = new PatientTransport(gateway, Duration.ofSeconds(3), Duration.ofSeconds(10));
        engine.pacing.duringPause(gateway::awaitQuiet);
    }

    static Stream<FaultCase> cases() {
        return FaultCase.all().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void comesOutRight(FaultCase row) throws Exception {
        gateway.next(row.faults());
        if (row.outcome().isEmpty()) {
            UploadFailure failure = refused();
            assertThat(engine.told(failure), containsString(row.words()));
        } else {
            UploadResult result = engine.upload(UploadOptions.defaults(), large).get(0);
            assertThat(result.outcome().name(), is(row.outcome()));
            assertThat(result.id(), is(server.artifacts().get(0).id()));
            assertThat(result.attempts(), is(row.uploads()));
            assertThat(engine.log, hasItem(containsString(row.words())));
            assertThat(Files.mismatch(server.artifacts().get(0).file(), large), is(-1L));
        }
        assertThat(gateway.uploads(), is(row.uploads()));
        assertThat(server.artifacts(), hasSize(row.stored()));
    }

    @Test
    void nobodyListening() throws Exception {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            engine.url = "http://127.0.0.1:" + closed.getLocalPort();
        }
        UploadFailure failure = refused();
        assertThat(failure.getMessage(), containsString("cannot be reached"));
        assertThat(failure.getMessage(), endsWith("Nothing was uploaded."));
        assertThat(engine.pacing.pauses(), is(seconds(1, 2, 4, 8)));
    }

    @Test
    void aNameThatNobodyKnows() {
        engine.url = "http://no-such-host.invalid";
        UploadFailure failure = refused();
        assertThat(failure.getMessage(), containsString("no-such-host.invalid cannot be found"));
        assertThat(engine.pacing.pauses(), hasSize(4));
    }

    @Test
    void aProxyThatIsNotThere() throws Exception {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            engine.transport = new LocalTransport(ConnectionSettings.defaults()
                    .withProxy(new ProxySettings("127.0.0.1", closed.getLocalPort(), null, null, List.of())));
        }
        UploadFailure failure = refused();
        assertThat(failure.getMessage(), containsString("The proxy does not lead to"));
        assertThat(server.exchanges(), hasSize(0));
    }

    @Test
    void aTokenThatExpiresBetweenTwoAttempts() throws Exception {
        server.follow(engine.pacing::now);
        engine.token = server.tokenUntil(engine.pacing.now().plus(Duration.ofHours(1)));
        gateway.next(List.of(Fault.answer(503)));
        engine.pacing.duringPause(() -> engine.pacing.skip(Duration.ofHours(1)));
        UploadFailure failure = refused();
        assertThat(engine.told(failure), containsString("has expired"));
        assertThat(engine.told(failure), not(containsString(engine.token)));
        assertThat(server.artifacts(), hasSize(0));
    }

    @Test
    void whatCannotPassIsNotTriedAgain() throws Exception {
        for (int status : new int[] {400, 401, 403, 404, 413, 415, 422}) {
            server.answer(SimulatedMenderServer.UPLOAD, Reply.error(status, "no"));
            gateway.next(List.of());
            assertThat(engine.told(refused()), containsString("HTTP " + status));
            assertThat("uploads answered by " + status, gateway.uploads(), is(1));
        }
        assertThat(engine.pacing.pauses(), hasSize(0));
    }

    @Test
    void aServerMayAskForPatienceUpToABound() {
        gateway.next(List.of(
                Fault.answer(429, "Retry-After: 86400"),
                Fault.answer(503, "Retry-After: Mon, 01 Jan 2001 00:00:00 GMT"),
                Fault.answer(503, "Retry-After: soon")));
        try {
            engine.upload(UploadOptions.defaults(), large);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        assertThat(engine.pacing.pauses(), is(seconds(600, 0, 4)));
    }

    @Test
    void smallRequestsAreTriedAgainToo() throws Exception {
        server.answer("GET /api/management/v1/useradm/users/me", Reply.empty(503));
        engine.pacing.duringPause(server::recover);
        assertThat(engine.upload(UploadOptions.defaults(), large), hasSize(1));
        assertThat(engine.log.get(0), containsString("HTTP 503 Service Unavailable, without a word"));
    }

    @Test
    void aFileIsNotSentAgainWhenTheServerDoesNotTellWhetherItArrived() throws Exception {
        gateway.next(List.of(Fault.of(Fault.Kind.RESET_AFTER_STORING)));
        String list = "GET /api/management/v2/deployments/artifacts";
        engine.pacing.duringPause(() -> server.answer(list, Reply.error(403, "Access denied (RBAC).")));
        UploadFailure failure = refused();
        assertThat(engine.log, hasItem(containsString("cannot be looked up: HTTP 403 Forbidden")));
        assertThat(
                failure.getMessage(),
                endsWith("The Artifact may have arrived: look for it under Releases before you " + "build again."));
        assertThat(gateway.uploads(), is(1));
    }

    private UploadFailure refused() {
        return assertThrows(UploadFailure.class, () -> engine.upload(UploadOptions.defaults(), large));
    }

    private static List<Duration> seconds(long... seconds) {
        return java.util.Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toList();
    }
}
