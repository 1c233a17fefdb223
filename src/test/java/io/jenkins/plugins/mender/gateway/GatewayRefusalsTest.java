package io.jenkins.plugins.mender.gateway;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.gateway.Passage.Attempt;
import io.jenkins.plugins.mender.gateway.RunningGateway.Settings;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.UploadFailure;
import io.jenkins.plugins.mender.upload.UploadOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a build learns, and how soon, when a gateway or the server behind it refuses an upload or gives it up. */
@ThroughGateways
@Timeout(300)
class GatewayRefusalsTest {
    private static final String ALL = "io.jenkins.plugins.mender.gateway.Way#all";
    private static final int MEBIBYTE = 1024 * 1024;

    /** The most that may have gone out when a refusal that comes before any consent is noticed, in bytes. */
    private static final long AT_ONCE = 128 * 1024;

    @TempDir
    private static Path folder;

    private static Path file;
    private static long size;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private Passage passage;
    private String told;

    @BeforeAll
    static void make() throws Exception {
        file = new ArtifactBuilder("large", "qemux86-64").payload(64 * MEBIBYTE).write(folder.resolve("large.mender"));
        size = Files.size(file);
    }

    /**
     * HAProxy and Apache httpd pass the service's consent on, and so its refusal. nginx consents on its own; with buffering it takes
     * the whole file before the service sees any of it. So does Caddy, mostly: it sends what it has without waiting, and the service
     * that hangs up may cost the answer, which the attempt without 'Expect' then brings.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource(ALL)
    void aTokenThatIsRefusedAtTheUploadAlone(Way way) throws Exception {
        server.refuse(SimulatedMenderServer.UPLOAD, Reply.error(401, "invalid jwt"));
        try (RunningGateway gateway = start(way, Settings.generous(server.url()))) {
            fail(gateway, gateway.url(way.tls()));
        }
        assertThat(told, containsString("refused the token of credentials 'mender-pat' (401 invalid jwt)"));
        assertThat(last().ended(), is("401"));
        switch (way.gateway()) {
            case HAPROXY, APACHE -> {
                assertThat(passage.attempts.size(), is(1));
                assertThat(last().sentBytes(), is(lessThan(AT_ONCE)));
            }
            case NGINX -> assertThat(passage.attempts, contains(new Attempt("401", size)));
            default -> {
                assertThat(passage.attempts.size(), is(lessThanOrEqualTo(2)));
                assertThat(sentBytes(), everyItem(lessThan(size / 2)));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource(ALL)
    void aFileThatIsTooLargeForTheGateway(Way way) throws Exception {
        try (RunningGateway gateway = start(way, Settings.generous(server.url()).withLimit(MEBIBYTE))) {
            fail(gateway, gateway.url(way.tls()));
        }
        assertThat(told, containsString("too large for this server (413)"));
        assertThat(statuses(), contains("413"));
        assertThat(last().sentBytes(), is(lessThan(AT_ONCE)));
        assertThat(server.begunUploads(), is(0L));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource(ALL)
    void aServerThatIsDown(Way way) throws Exception {
        try (RunningGateway gateway = start(way, Settings.generous(server.url()))) {
            fail(gateway, gateway.url(way.tls()), UploadOptions.DEFAULT_ATTEMPTS, server::close);
        }
        boolean unavailable = way.gateway() == Gateway.HAPROXY || way.gateway() == Gateway.APACHE;
        String status = unavailable ? "HTTP 503" : "HTTP 502";
        assertThat(told, allOf(containsString(status), containsString("Attempt 5 of 5 in 8.0 s.")));
        assertThat(
                passage.pacing.pauses(),
                is(Stream.of(1, 2, 4, 8).map(Duration::ofSeconds).toList()));
    }

    /** Apache httpd says 502 when it has waited long enough. */
    @ParameterizedTest(name = "{0}")
    @MethodSource(ALL)
    void aServerThatIsTooSlowForTheGateway(Way way) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        server.answer(SimulatedMenderServer.UPLOAD, () -> {
            awaitQuietly(end);
            return Reply.empty(503);
        });
        try (RunningGateway gateway = start(way, Settings.generous(server.url()).withServerTimeout(1))) {
            fail(gateway, gateway.url(way.tls()), 2, () -> {});
        } finally {
            end.countDown();
        }
        String status = way.gateway() == Gateway.APACHE ? "502" : "504";
        assertThat(statuses(), everyItem(is(status)));
        assertThat(sentBytes(), everyItem(is(size)));
        assertThat(told, allOf(containsString("HTTP " + status), containsString("did not hold it when it was asked")));
    }

    static Stream<Way> toTheGateway() {
        return Way.all().filter(way -> way.gateway() != Gateway.SQUID);
    }

    /**
     * nginx hangs up without a word. Caddy 2.6 answers 200, without a word too. HAProxy lets its timeout of the server count, which
     * has nothing to answer yet: 504 in the middle of the file.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("toTheGateway")
    void aLineThatIsTooSlowForTheGateway(Way way) throws Exception {
        Settings settings = Settings.generous(server.url()).withClientTimeout(1);
        boolean balanced = way.gateway() == Gateway.HAPROXY;
        try (RunningGateway gateway = start(way, balanced ? settings.withServerTimeout(1) : settings);
                StalledLine line =
                        new StalledLine(URI.create(gateway.url(way.tls())).getPort(), MEBIBYTE)) {
            fail(gateway, line.url(way.tls()), 2, () -> {});
        }
        String ended =
                switch (way.gateway()) {
                    case APACHE -> "408";
                    case HAPROXY -> "504";
                    case CADDY, HAPROXY_BEFORE_CADDY -> "200|408|499|CUT .*";
                    default -> "408|CUT .*";
                };
        assertThat(statuses(), everyItem(matchesPattern(ended)));
        assertThat(sentBytes(), everyItem(lessThan(size)));
        assertThat(server.artifacts(), is(empty()));
        assertThat(told, not(containsString("stalled")));
    }

    private static RunningGateway start(Way way, Settings settings) throws Exception {
        return RunningGateway.start(way.gateway(), settings);
    }

    private void fail(RunningGateway gateway, String url) throws Exception {
        fail(gateway, url, UploadOptions.DEFAULT_ATTEMPTS, () -> {});
    }

    private void fail(RunningGateway gateway, String url, int attempts, Runnable onceOpen) throws Exception {
        passage = new Passage(url, server.token(), gateway.connection());
        told = passage.told(assertThrows(UploadFailure.class, () -> passage.upload(file, attempts, onceOpen)));
    }

    private static void awaitQuietly(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Attempt last() {
        return passage.attempts.get(passage.attempts.size() - 1);
    }

    private List<String> statuses() {
        return passage.attempts.stream().map(Attempt::ended).toList();
    }

    private List<Long> sentBytes() {
        return passage.attempts.stream().map(Attempt::sentBytes).toList();
    }
}
