package io.jenkins.plugins.mender.gateway;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jenkins.plugins.mender.gateway.Passage.Attempt;
import io.jenkins.plugins.mender.gateway.RunningGateway.Settings;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.UploadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Uploads through each gateway arrive at the first attempt, byte by byte, and nobody waits for anybody. */
@ThroughGateways
@Timeout(300)
class GatewayMatrixTest {
    private static final long KIBIBYTE = 1024;
    private static final long MEBIBYTE = 1024 * KIBIBYTE;
    private static final int TRIES = 5;

    @TempDir
    private static Path folder;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    static Stream<Arguments> cases() {
        return Gateway.REVERSE.stream()
                .flatMap(gateway -> Stream.of(false, true)
                        .flatMap(tls -> Stream.of(25 * KIBIBYTE, 5 * MEBIBYTE, 64 * MEBIBYTE)
                                .map(bytes -> Arguments.of(gateway, tls ? "TLS" : "plain", bytes))));
    }

    /**
     * A wait of the client's is there each time, a busy machine is not: so a wait is what the upload takes longer than one that goes
     * directly to the server, in the best of some tries.
     */
    @ParameterizedTest(name = "{0} {1} {2} bytes")
    @MethodSource("cases")
    void arrivesAtOnce(Gateway gateway, String way, long bytes) throws Exception {
        Path file = file(bytes);
        Settings settings =
                new Settings(server.url(), Passage.AUTHORITY.server(), 1024 * MEBIBYTE, Duration.ofSeconds(60));
        try (RunningGateway running = RunningGateway.start(gateway, settings)) {
            Duration wait = Duration.ofDays(1);
            for (int i = 0; i < TRIES && wait.toMillis() >= 1000; i++) {
                long direct = upload(server.url(), file);
                long through = upload(running.url(way.equals("TLS")), file);
                wait = Duration.ofMillis(Math.min(wait.toMillis(), through - 4 * direct));
            }
            assertThat(wait, is(lessThan(Duration.ofSeconds(1))));
        }
    }

    /** Uploads, and {@return how long that took in milliseconds} */
    private long upload(String url, Path file) throws Exception {
        server.clear();
        long begun = server.begunUploads();
        Passage passage = new Passage(url, server.token());
        UploadResult result = passage.upload(file);
        assertThat(result.attempts(), is(1));
        assertThat(passage.attempts, contains(new Attempt("201", Files.size(file))));
        assertThat(passage.pacing.pauses(), is(empty()));
        assertThat(server.begunUploads() - begun, is(1L));
        assertThat(Files.mismatch(server.artifacts().get(0).file(), file), is(-1L));
        return result.durationMillis();
    }

    private static Path file(long bytes) throws IOException {
        Path file = folder.resolve(bytes + ".mender");
        return Files.exists(file)
                ? file
                : new ArtifactBuilder("release-" + bytes, "qemux86-64")
                        .payload(bytes)
                        .write(file);
    }
}
