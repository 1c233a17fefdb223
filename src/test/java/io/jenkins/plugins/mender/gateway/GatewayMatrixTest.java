package io.jenkins.plugins.mender.gateway;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assumptions.abort;

import io.jenkins.plugins.mender.gateway.Passage.Attempt;
import io.jenkins.plugins.mender.gateway.RunningGateway.Settings;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.simulator.StoredArtifact;
import io.jenkins.plugins.mender.upload.UploadResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Uploads through each gateway arrive at the first attempt, byte by byte, and nobody waits for anybody. */
@ThroughGateways
@Timeout(300)
class GatewayMatrixTest {
    private static final int KIBIBYTE = 1024;
    private static final int MEBIBYTE = 1024 * KIBIBYTE;

    /** How often to upload in a row. */
    private static final int UPLOADS = Integer.getInteger("mender.uploads", 200);

    private static final int TRIES = 5;

    @TempDir
    private static Path folder;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    static Stream<Arguments> cases() {
        return Way.all()
                .flatMap(way ->
                        Stream.of(25 * KIBIBYTE, 5 * MEBIBYTE, 64 * MEBIBYTE).map(bytes -> Arguments.of(way, bytes)));
    }

    /**
     * What makes an upload wait is there each time, what makes a machine slow is not: so a wait is what an upload takes longer than
     * some that go directly to the server do, at the best of some tries.
     */
    @ParameterizedTest(name = "{0}, {1} bytes")
    @MethodSource("cases")
    void anUploadArrivesAtOnce(Way way, int bytes) throws Exception {
        Path file = file(bytes);
        try (RunningGateway gateway = RunningGateway.start(way.gateway(), Settings.generous(server.url()))) {
            long wait = Long.MAX_VALUE;
            for (int i = 0; i < TRIES && wait >= 1000; i++) {
                long direct = upload(server.url(), ConnectionSettings.defaults(), file);
                wait = Math.min(wait, upload(gateway.url(way.tls()), gateway.connection(), file) - 4 * direct);
            }
            assertThat(Duration.ofMillis(wait), is(lessThan(Duration.ofSeconds(1))));
        }
    }

    /** Plain and encrypted in turn. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"HAPROXY", "CADDY", "HAPROXY_BEFORE_CADDY"})
    void soDoManyInARow(Gateway program) throws Exception {
        Path file = file(5 * MEBIBYTE);
        try (RunningGateway gateway = RunningGateway.start(program, Settings.generous(server.url()))) {
            for (int i = 0; i < UPLOADS; i++) {
                upload(gateway.url(i % 2 == 0), gateway.connection(), file);
            }
        }
    }

    /** What does not get through from another client either is not the engine's fault. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("io.jenkins.plugins.mender.gateway.Way#all")
    void curlGetsThroughToo(Way way) throws Exception {
        Path file = file(64 * MEBIBYTE);
        try (RunningGateway gateway = RunningGateway.start(way.gateway(), Settings.generous(server.url()))) {
            List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--insecure"));
            command.addAll(List.of("--header", "Authorization: Bearer " + server.token()));
            command.addAll(List.of("--header", "Expect: 100-continue", "--form", "artifact=@" + file));
            command.addAll(List.of("--proxy", gateway.proxyUrl(), "--output", "-", "--write-out", "%{http_code}"));
            command.add(gateway.url(way.tls()) + "/api/management/v1/deployments/artifacts");
            Process curl = start(command);
            assertThat(new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8), is("201"));
            takeStored(file);
        }
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return abort("There is nothing to compare with: " + e.getMessage());
        }
    }

    /** Uploads, and {@return how long that took in milliseconds} */
    private long upload(String url, ConnectionSettings settings, Path file) throws Exception {
        long begun = server.begunUploads();
        Passage passage = new Passage(url, server.token(), settings);
        UploadResult result = passage.upload(file);
        assertThat(result.attempts(), is(1));
        assertThat(passage.attempts, contains(new Attempt("201", Files.size(file))));
        assertThat(passage.pacing.pauses(), is(empty()));
        assertThat(server.begunUploads() - begun, is(1L));
        takeStored(file);
        return result.durationMillis();
    }

    private void takeStored(Path file) throws IOException {
        assertThat(server.artifacts().size(), is(1));
        StoredArtifact stored = server.artifacts().get(0);
        assertThat(Files.mismatch(stored.file(), file), is(-1L));
        server.clear();
        Files.delete(stored.file());
    }

    private static Path file(int bytes) throws IOException {
        Path file = folder.resolve(bytes + ".mender");
        return Files.exists(file)
                ? file
                : new ArtifactBuilder("release-" + bytes, "qemux86-64")
                        .payload(bytes)
                        .write(file);
    }
}
