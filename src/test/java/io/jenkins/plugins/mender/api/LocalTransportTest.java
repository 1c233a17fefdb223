package io.jenkins.plugins.mender.api;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.mender.api.RequestBody.Field;
import io.jenkins.plugins.mender.api.RequestBody.FileUpload;
import io.jenkins.plugins.mender.api.TransportException.Failure;
import io.jenkins.plugins.mender.simulator.RawServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The traps of an HTTP client that sends big files, each with a server that springs it. */
@Timeout(60)
class LocalTransportTest {
    private static final String SECRET = "secret-token-of-this-test";
    private static final int BIG = 32 * 1024 * 1024;

    @TempDir
    private Path folder;

    private final ConnectionSettings patient = ConnectionSettings.defaults();
    private final ConnectionSettings impatient = patient.withTimeouts(Duration.ofMillis(300), Duration.ofMillis(600));

    @Test
    void aRedirectIsAnAnswerAndNotFollowed() throws Exception {
        try (RawServer elsewhere = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                RawServer server = RawServer.answering(
                        "HTTP/1.1 302 Found\r\nLocation: " + elsewhere.url() + "/\r\nContent-Length: 0\r\n\r\n")) {
            ApiResponse response = send(patient, upload(server, 1000));
            assertThat(response.status(), is(302));
            assertThat(response.header("location").orElse(""), containsString(elsewhere.url()));
            assertThat(elsewhere.connections(), is(0));
        }
    }

    @Test
    void a503IsNotRepeated() throws Exception {
        try (RawServer server = RawServer.answering(
                "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(send(patient, upload(server, 1000)).status(), is(503));
            assertThat(server.connections(), is(1));
        }
    }

    @Test
    void aRefusalBeforeTheBodyCostsNoBody() throws Exception {
        try (RawServer server = RawServer.refusing("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")) {
            ApiResponse response = send(patient, upload(server, BIG));
            assertThat(response.status(), is(401));
            assertThat(response.sentBytes(), is(0L));
        }
    }

    @Test
    void aServerThatIgnoresTheQuestionForConsentGetsTheBody() throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")) {
            ApiResponse response = send(patient, upload(server, 1000));
            assertThat(response.status(), is(201));
            assertThat(server.request(), containsString("Expect: 100-continue"));
            assertThat(response.sentBytes(), is(1000L));
        }
    }

    @Test
    void anEarlyAnswerWhileTheBodyGoesOutArrives() throws Exception {
        try (RawServer server = RawServer.answeringEarly(
                "HTTP/1.1 413 Request Entity Too Large\r\nContent-Length: 9\r\nConnection: close\r\n\r\ntoo large")) {
            ApiResponse response = send(patient, upload(server, 4L * BIG).withoutExpectContinue());
            assertThat(response.status(), is(413));
            assertThat(response.body(), is("too large"));
            assertThat(response.sentBytes(), lessThan(4L * BIG));
        }
    }

    @Test
    void aServerThatStopsReadingIsGivenUp() throws Exception {
        try (RawServer server = RawServer.notReading()) {
            TransportException e = failure(impatient, upload(server, 4L * BIG).withoutExpectContinue());
            assertThat(e.failure(), is(Failure.STALLED));
            assertThat(e.wholeBodySent(), is(false));
            assertThat(e.sentBytes(), greaterThan(0L));
        }
    }

    @Test
    void aServerThatNeverAnswersIsGivenUpAndMayHaveActed() throws Exception {
        try (RawServer server = RawServer.answering("")) {
            TransportException e = failure(impatient, upload(server, 1000).withoutExpectContinue());
            assertThat(e.failure(), is(Failure.NO_ANSWER));
            assertThat(e.wholeBodySent(), is(true));
        }
    }

    @Test
    void aConnectionThatEndsBeforeTheAnswerIsCut() throws Exception {
        try (RawServer server = RawServer.closing()) {
            TransportException e = failure(patient, upload(server, 1000).withoutExpectContinue());
            assertThat(e.failure(), is(Failure.CUT));
        }
    }

    @Test
    void anInterruptEndsABlockedUploadAndItsThread() throws Exception {
        try (RawServer server = RawServer.notReading()) {
            ApiRequest request = upload(server, 4L * BIG).withoutExpectContinue();
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            CountDownLatch ended = new CountDownLatch(1);
            Thread caller = new Thread(() -> {
                try {
                    send(patient, request);
                } catch (Throwable t) {
                    thrown.set(t);
                } finally {
                    ended.countDown();
                }
            });
            caller.start();
            server.awaitConnection();
            caller.interrupt();
            ended.await();
            assertThat(thrown.get() instanceof InterruptedException, is(true));
            List<String> threads = Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .toList();
            assertThat(threads, not(hasItem(containsString("Mender exchange"))));
        }
    }

    @Test
    void onlyTheBeginOfAnEndlessAnswerIsKept() throws Exception {
        try (RawServer server = RawServer.answeringEndlessly("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")) {
            ApiResponse response = send(patient, get(server));
            assertThat(response.body().length(), is(ApiResponse.MAX_BODY_BYTES));
            assertThat(response.truncated(), is(true));
        }
    }

    @Test
    void aStatusWhoseBodyIsCutIsStillAnAnswer() throws Exception {
        try (RawServer server = RawServer.answeringAndClosing(
                "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 1000\r\n\r\n{\"error\":")) {
            ApiResponse response = send(patient, get(server));
            assertThat(response.status(), is(500));
            assertThat(response.truncated(), is(true));
        }
    }

    @Test
    void aRefusedConnectionIsNamed() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        TransportException e = failure(patient, get("http://127.0.0.1:" + port));
        assertThat(e.failure(), is(Failure.NOT_CONNECTED));
        assertThat(e.getMessage(), containsString("refused"));
    }

    @Test
    void anUnknownHostIsNamed() {
        TransportException e = failure(patient, get("http://no-such-host.invalid"));
        assertThat(e.failure(), is(Failure.UNKNOWN_HOST));
    }

    @Test
    void aMissingFileIsTheFilesFault() throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")) {
            ApiRequest request = upload(server, 1000).withoutExpectContinue();
            Files.delete(folder.resolve("1000.mender"));
            assertThat(failure(patient, request).failure(), is(Failure.FILE));
        }
    }

    @Test
    void aFileThatCannotBeReadIsTheFilesFault() throws Exception {
        Path unreadable = Path.of("/proc/self/mem");
        assumeTrue(Files.exists(unreadable), "needs a file that even an administrator cannot read, which Linux has");
        try (RawServer server = RawServer.answering("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")) {
            ApiRequest request = upload(server, 1000).withoutExpectContinue();
            Files.delete(folder.resolve("1000.mender"));
            Files.createSymbolicLink(folder.resolve("1000.mender"), unreadable);
            TransportException e = failure(patient, request);
            assertThat(e.failure(), is(Failure.FILE));
            assertThat(e.getMessage(), containsString("error"));
        }
    }

    @Test
    void aFileThatGrowsOrShrinksMeanwhileIsNotSentAsIfNothingHadHappened() throws Exception {
        for (int now : List.of(999, 1001)) {
            try (RawServer server = RawServer.answering("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")) {
                ApiRequest request = upload(server, 1000).withoutExpectContinue();
                Files.write(folder.resolve("1000.mender"), new byte[now]);
                TransportException e = failure(patient, request);
                assertThat(e.failure(), is(Failure.FILE));
                assertThat(e.wholeBodySent(), is(false));
            }
        }
    }

    @Test
    void partsAreInOrderTheLengthIsKnownAndTheChecksumIsTaken() throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")) {
            ApiResponse response = send(patient, upload(server, 1000));
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
            ProxySettings none = new ProxySettings(
                    "127.0.0.1", port, null, null, List.of(java.util.regex.Pattern.compile("127\\..*")));
            assertThat(failure(patient.withProxy(all), get(server)).failure(), is(Failure.PROXY_LOGIN));
            assertThat(send(patient.withProxy(none), get(server)).status(), is(200));
            assertThat(proxy.connections(), is(1));
        }
    }

    @Test
    void whatTravelsDoesNotTellTheTokenInItsStringForm() throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 200 " + SECRET + "\r\nX-Echo: " + SECRET
                + "\r\nContent-Length: " + SECRET.length() + "\r\n\r\n" + SECRET)) {
            ApiRequest request = get(server);
            ApiResponse response = send(patient, request);
            assertThat(response.body(), is(SECRET));
            for (Object traveller : List.of(request, response, request.headers(), request.body(), response.headers())) {
                assertThat(traveller.toString(), not(containsString(SECRET)));
            }
            ProxySettings proxy = new ProxySettings("proxy", 3128, "user", SECRET, List.of());
            assertThat(patient.withProxy(proxy).toString(), not(containsString(SECRET)));
        }
    }

    private static ApiResponse send(ConnectionSettings settings, ApiRequest request) throws Exception {
        return new LocalTransport(settings).send(request);
    }

    private static TransportException failure(ConnectionSettings settings, ApiRequest request) {
        return assertThrows(TransportException.class, () -> send(settings, request));
    }

    private ApiRequest upload(RawServer server, long size) throws IOException {
        Path file = folder.resolve(size + ".mender");
        try (var channel = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            channel.setLength(size);
        }
        FileUpload body = new FileUpload(
                List.of(new Field("size", String.valueOf(size))), "artifact", "release.mender", file.toString(), size);
        return new ApiRequest("POST", URI.create(server.url() + "/upload"), headers(), body, true);
    }

    private static ApiRequest get(RawServer server) {
        return get(server.url());
    }

    static ApiRequest get(String url) {
        return new ApiRequest("GET", URI.create(url + "/"), headers(), new RequestBody.None(), false);
    }

    private static List<Header> headers() {
        return List.of(new Header("Authorization", "Bearer " + SECRET));
    }
}
