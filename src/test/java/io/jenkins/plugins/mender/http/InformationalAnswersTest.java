package io.jenkins.plugins.mender.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jenkins.plugins.mender.simulator.CertificateAuthority;
import io.jenkins.plugins.mender.simulator.RawServer;
import io.jenkins.plugins.mender.simulator.RawServer.Script;
import io.jenkins.plugins.mender.simulator.TlsIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers and gateways that say {@code 100 Continue} and the like more than once, late, or while the body goes out: none of
 * that is an answer, and a final answer is one whenever it comes. Caddy and HAProxy pass on the {@code 100} of the server behind
 * them after one of their own.
 */
@Timeout(120)
class InformationalAnswersTest {
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    private static final String EARLY_HINTS = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n";
    private static final String PROCESSING = "HTTP/1.1 102 Processing\r\n\r\n";
    private static final String CREATED = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";
    private static final String REFUSED = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 9\r\n\r\nnot today";

    private static final CertificateAuthority AUTHORITY = CertificateAuthority.root("Example Root");

    @TempDir
    private Path folder;

    /** Longer than any of these exchanges takes, and shorter than the test. */
    private final ConnectionSettings settings =
            ConnectionSettings.defaults().withTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(20));

    static Stream<Arguments> scripts() {
        List<Arguments> scripts = List.of(
                Arguments.of("once", new Script(List.of(CONTINUE), List.of(), List.of(CREATED))),
                Arguments.of("twice", new Script(List.of(CONTINUE, CONTINUE), List.of(), List.of(CREATED))),
                Arguments.of(
                        "twice in one packet", new Script(List.of(CONTINUE + CONTINUE), List.of(), List.of(CREATED))),
                Arguments.of(
                        "three times, one of them with the body under way",
                        new Script(List.of(CONTINUE, CONTINUE), List.of(CONTINUE), List.of(CREATED))),
                Arguments.of("not before the body comes", new Script(List.of(), List.of(CONTINUE), List.of(CREATED))),
                Arguments.of(
                        "others, before, during and after",
                        new Script(
                                List.of(EARLY_HINTS, CONTINUE),
                                List.of(EARLY_HINTS, PROCESSING),
                                List.of(PROCESSING, EARLY_HINTS + CREATED))),
                Arguments.of(
                        "byte by byte", new Script(List.of(CONTINUE), bytes(CONTINUE + EARLY_HINTS), List.of(CREATED))),
                Arguments.of(
                        "cut in the middle",
                        new Script(
                                List.of(CONTINUE + "HTTP/1.1 10"), List.of("0 Continue\r\n\r\n"), List.of(CREATED))));
        return scripts.stream()
                .flatMap(script -> Stream.of(false, true)
                        .flatMap(tls -> Stream.of(2, 64)
                                .map(mebibytes -> Arguments.of(script.get()[0], script.get()[1], tls, mebibytes))));
    }

    private static List<String> bytes(String text) {
        return IntStream.range(0, text.length())
                .mapToObj(i -> text.substring(i, i + 1))
                .toList();
    }

    @ParameterizedTest(name = "{0}, TLS: {2}, {3} MiB")
    @MethodSource("scripts")
    void onlyAFinalStatusIsAnAnswer(String name, Script script, boolean tls, int mebibytes) throws Exception {
        long size = mebibytes * 1024L * 1024;
        try (RawServer server = RawServer.speaking(identity(tls), script)) {
            Request request = new TransportFixture(folder).upload(server, size);
            Response response = TransportFixture.send(trusting(tls), request);
            assertThat(response.status(), is(201));
            assertThat(response.sentBytes(), is(size));
            assertThat(server.connections(), is(1));
        }
    }

    @ParameterizedTest(name = "TLS: {0}, an informational answer in the same packet: {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void aFinalAnswerIsNoticedWhileTheBodyGoesOut(boolean tls, boolean together) throws Exception {
        List<String> during = together ? List.of(CONTINUE + EARLY_HINTS + REFUSED) : List.of(CONTINUE, REFUSED);
        try (RawServer server =
                RawServer.speaking(identity(tls), new Script(List.of(CONTINUE), during, List.of(CREATED)))) {
            Request request = new TransportFixture(folder).upload(server, 2L * TransportFixture.BIG);
            Response response = TransportFixture.send(trusting(tls), request);
            assertThat(response.status(), is(401));
            assertThat(response.body(), is("not today"));
            assertThat(response.sentBytes(), lessThan(2L * TransportFixture.BIG));
        }
    }

    private TlsIdentity identity(boolean tls) {
        return tls ? AUTHORITY.server() : null;
    }

    private ConnectionSettings trusting(boolean tls) throws Exception {
        return tls ? settings.trusting(TrustedCertificates.parse(AUTHORITY.pem())) : settings;
    }
}
