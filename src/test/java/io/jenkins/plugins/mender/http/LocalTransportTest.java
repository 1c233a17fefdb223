package io.jenkins.plugins.mender.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import io.jenkins.plugins.mender.http.TransportException.Failure;
import io.jenkins.plugins.mender.simulator.RawServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The traps of an HTTP client that sends big files, each with a server that springs it. */
@Timeout(60)
class LocalTransportTest {
    @TempDir
    private Path folder;

    private final ConnectionSettings patient = ConnectionSettings.defaults();

    private TransportFixture exchanges;

    @BeforeEach
    void start() {
        exchanges = new TransportFixture(folder);
    }

    @Test
    void aRedirectIsAnAnswerAndNotFollowed() throws Exception {
        try (RawServer elsewhere = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                RawServer server = RawServer.answering(
                        "HTTP/1.1 302 Found\r\nLocation: " + elsewhere.url() + "/\r\nContent-Length: 0\r\n\r\n")) {
            Response response = TransportFixture.send(patient, exchanges.upload(server, 1000));
            assertThat(response.status(), is(302));
            assertThat(response.header("location").orElse(""), containsString(elsewhere.url()));
            assertThat(elsewhere.connections(), is(0));
        }
    }

    @Test
    void a503IsNotRepeated() throws Exception {
        try (RawServer server = RawServer.answering(
                "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(
                    TransportFixture.send(patient, exchanges.upload(server, 1000))
                            .status(),
                    is(503));
            assertThat(server.connections(), is(1));
        }
    }

    @Test
    void aRefusalBeforeTheBodyCostsNoBody() throws Exception {
        try (RawServer server = RawServer.refusing("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")) {
            Response response = TransportFixture.send(patient, exchanges.upload(server, TransportFixture.BIG));
            assertThat(response.status(), is(401));
            assertThat(response.sentBytes(), is(0L));
        }
    }

    @Test
    void aServerThatIgnoresTheQuestionForConsentGetsTheBody() throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")) {
            Response response = TransportFixture.send(patient, exchanges.upload(server, 1000));
            assertThat(response.status(), is(201));
            assertThat(server.request(), containsString("Expect: 100-continue"));
            assertThat(response.sentBytes(), is(1000L));
        }
    }

    @Test
    void anEarlyAnswerWhileTheBodyGoesOutArrives() throws Exception {
        try (RawServer server = RawServer.answeringEarly(
                "HTTP/1.1 413 Request Entity Too Large\r\nContent-Length: 9\r\nConnection: close\r\n\r\ntoo large")) {
            Response response = TransportFixture.send(
                    patient, exchanges.upload(server, 4L * TransportFixture.BIG).withoutExpectContinue());
            assertThat(response.status(), is(413));
            assertThat(response.body(), is("too large"));
            assertThat(response.sentBytes(), lessThan(4L * TransportFixture.BIG));
        }
    }

    @Test
    void onlyTheBeginOfAnEndlessAnswerIsKept() throws Exception {
        try (RawServer server = RawServer.answeringEndlessly("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")) {
            Response response = TransportFixture.send(patient, TransportFixture.get(server));
            assertThat(response.body().length(), is(Request.ERROR_BYTES));
            assertThat(response.truncated(), is(true));
        }
    }

    @Test
    void asMuchOfAGoodAnswerIsKeptAsWasAskedForAndLittleOfAnother() throws Exception {
        for (int status : new int[] {200, 206, 404, 500}) {
            int kept = status < 300 ? 1024 * 1024 : Request.ERROR_BYTES;
            try (RawServer server =
                    RawServer.answeringEndlessly("HTTP/1.1 " + status + " X\r\nConnection: close\r\n\r\n")) {
                Response response = TransportFixture.send(
                        patient, TransportFixture.get(server).keeping(1024 * 1024));
                assertThat(response.content().length, is(kept));
                assertThat(response.truncated(), is(true));
            }
        }
    }

    @Test
    void anAnswerThatFillsWhatIsKeptIsWhole() throws Exception {
        for (int kept : new int[] {4, 5}) {
            try (RawServer server =
                    RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\u00c3\u00bcabc")) {
                Response response = TransportFixture.send(
                        patient, TransportFixture.get(server).keeping(kept));
                assertThat(response.content().length, is(kept));
                assertThat(response.body(), is("\u00fcabc".substring(0, kept - 1)));
                assertThat(response.truncated(), is(kept < 5));
            }
        }
    }

    @Test
    void aStatusWhoseBodyIsCutIsStillAnAnswer() throws Exception {
        try (RawServer server = RawServer.answeringAndClosing(
                "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 1000\r\n\r\n{\"error\":")) {
            Response response = TransportFixture.send(patient, TransportFixture.get(server));
            assertThat(response.status(), is(500));
            assertThat(response.truncated(), is(true));
        }
    }

    @Test
    void partsAreInOrderTheLengthIsKnownAndTheChecksumIsTaken() throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")) {
            Response response = TransportFixture.send(patient, exchanges.upload(server, 1000));
            assertThat(response.sentSha256(), is("541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53"));
            String request = server.request();
            assertThat(request, containsString("Content-Length: "));
            int size = request.indexOf("name=\"size\"");
            int artifact = request.indexOf("name=\"artifact\"; filename=\"release.mender\"");
            assertThat(size, greaterThan(0));
            assertThat(artifact, greaterThan(size));
        }
    }

    @Test
    void aProxyIsUsedUnlessTheHostIsExcepted() throws Exception {
        try (RawServer proxy =
                        RawServer.answering("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
                RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            int port = URI.create(proxy.url()).getPort();
            ProxySettings all = new ProxySettings("127.0.0.1", port, null, null, List.of());
            ProxySettings none = new ProxySettings("127.0.0.1", port, null, null, List.of("127\\..*"));
            assertThat(
                    TransportFixture.failure(patient.withProxy(all), TransportFixture.get(server))
                            .failure(),
                    is(Failure.PROXY_LOGIN));
            assertThat(
                    TransportFixture.send(patient.withProxy(none), TransportFixture.get(server))
                            .status(),
                    is(200));
            assertThat(proxy.connections(), is(1));
        }
    }

    @Test
    void whatTravelsDoesNotTellTheTokenInItsStringForm() throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 200 " + TransportFixture.SECRET + "\r\nX-Echo: "
                + TransportFixture.SECRET + "\r\nContent-Length: " + TransportFixture.SECRET.length() + "\r\n\r\n"
                + TransportFixture.SECRET)) {
            Request request = TransportFixture.get(server);
            Response response = TransportFixture.send(patient, request);
            assertThat(response.body(), is(TransportFixture.SECRET));
            for (Object traveller : List.of(request, response, request.headers(), request.body(), response.headers())) {
                assertThat(traveller.toString(), not(containsString(TransportFixture.SECRET)));
            }
            Request link = TransportFixture.get(server.url() + "/file?signature=" + TransportFixture.SECRET);
            assertThat(link.toString(), is("GET " + server.url() + "/file"));
            ProxySettings proxy = new ProxySettings("proxy", 3128, "user", TransportFixture.SECRET, List.of());
            assertThat(patient.withProxy(proxy).toString(), not(containsString(TransportFixture.SECRET)));
        }
    }
}
