package io.jenkins.plugins.mender.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.MenderApi;
import io.jenkins.plugins.mender.api.MenderApi.User;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import io.jenkins.plugins.mender.http.Request.Header;
import io.jenkins.plugins.mender.simulator.RawServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and gateways that say too much, too early, or what they were told in confidence. */
@Timeout(60)
class HostileServerTest {
    private static final String ID = "8caadefe-ad8e-4c31-8e2d-a942f60935f2";

    /** A password with what JSON, HTML and URLs write in another way. */
    private static final String SECRET = "pa&ss<w>\"%o/rd'";

    @TempDir
    private Path folder;

    private final ConnectionSettings settings = ConnectionSettings.defaults();

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\nX-Long: "})
    void aLineWithoutEndIsNoAnswer(String head) throws Exception {
        try (RawServer server = RawServer.answeringEndlessly(head)) {
            TransportException e = TransportFixture.failure(settings, TransportFixture.get(server));
            assertThat(e.getMessage(), containsString("limit exceeded"));
        }
    }

    @Test
    void headersWithoutEndAreNoAnswer() throws Exception {
        try (RawServer server = RawServer.answeringEndlessly("HTTP/1.1 200 OK\r\n", "X-More: x\r\n".repeat(100))) {
            TransportException e = TransportFixture.failure(settings, TransportFixture.get(server));
            assertThat(e.getMessage(), containsString("exceeded"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1;", "0\r\nX-Trailer: "})
    void aChunkWithoutEndEndsTheAnswer(String chunk) throws Exception {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n";
        try (RawServer server = RawServer.answeringEndlessly(head + chunk)) {
            Response response = TransportFixture.send(settings, TransportFixture.get(server));
            assertThat(response.body(), is("ok"));
            assertThat(response.truncated(), is(true));
        }
    }

    @Test
    void onlyHeadersThatSomebodyReadsAreKept() throws Exception {
        try (RawServer server = RawServer.answering(
                "HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(8000) + "\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n")) {
            Response response = TransportFixture.send(settings, TransportFixture.get(server));
            assertThat(response.header("retry-after").orElse(""), is("7"));
            assertThat(response.headers().stream().map(Header::name).toList(), is(List.of("Retry-After")));
        }
    }

    @Test
    void a201BeforeTheWholeFileIsNoSuccess() throws Exception {
        String created = "HTTP/1.1 201 Created\r\nLocation: ./management/v1/deployments/artifacts/" + ID
                + "\r\nContent-Length: 0\r\n\r\n";
        long size = 2L * TransportFixture.BIG;
        for (RawServer early : List.of(RawServer.refusing(created), RawServer.answeringEarly(created))) {
            try (RawServer server = early) {
                new TransportFixture(folder).upload(server, size);
                ArtifactFile file = new ArtifactFile(
                        "big.mender", folder.resolve(size + ".mender").toString(), size, 0);
                ApiError e =
                        assertThrows(ApiError.class, () -> api(server).upload(file, "", true, Transport.Listener.NONE));
                assertThat(e.status(), is(201));
                assertThat(e.sentBytes(), is(lessThan(size)));
                assertThat(e.wholeFileSent(), is(false));
            }
        }
    }

    @Test
    void whatAServerRepeatsTellsNoSecretHoweverItIsWritten() {
        Redaction redaction = new Redaction(SECRET);
        String html = SECRET.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;");
        for (String echo : List.of(
                SECRET,
                "pa\\u0026ss\\u003cw\\u003e\\\"%o/rd'",
                "pa&ss<w>\\\"%o\\/rd'",
                escaped(SECRET),
                html,
                html.replace("'", "&#39;"),
                html.replace("&lt;", "&#x3C;"),
                java.net.URLEncoder.encode(SECRET, StandardCharsets.UTF_8),
                escaped(html))) {
            String line = redaction.line("login of " + echo + " refused", 500);
            assertThat(line, is("login of **** refused"));
        }
        assertThat(redaction.line("100 % of \\u0041 &amp; B", 500), is("100 % of \\u0041 &amp; B"));
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> escaped.append(String.format("\\u%04X", c)));
        return escaped.toString();
    }

    @Test
    void anEchoInEveryPlaceOfAnAnswerTellsNoToken() throws Exception {
        String token = TransportFixture.SECRET;
        for (String body : List.of(
                "{\"error\": \"no " + escaped(token) + "\", \"request_id\": \"" + escaped(token) + "\"}",
                "<html><title>" + token + "</title></html>",
                token)) {
            try (RawServer server = RawServer.answering("HTTP/1.1 500 no " + token + "\r\nLocation: https://user:"
                    + token + "@mender.example.com/" + token + "\r\nX-MEN-RequestID: " + token + "\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body)) {
                ApiError e = assertThrows(ApiError.class, () -> api(server).me());
                String all = e.reason() + e.words() + e.requestId() + e.location() + e.getMessage();
                assertThat(all, allOf(not(containsString(token)), not(containsString("user:"))));
            }
        }
        String me = "{\"id\": \"" + token + "\", \"email\": \"" + escaped(token) + "\\n@example.com\"}";
        try (RawServer server =
                RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: " + me.length() + "\r\n\r\n" + me)) {
            assertThat(api(server).me(), is(new User("****", "**** @example.com")));
        }
    }

    @Test
    void aRedirectTellsNothingThatStandsBeforeAnAt() throws Exception {
        try (RawServer server =
                RawServer.answering("HTTP/1.1 302 Found\r\nLocation: https://user:pass/word@example.com/login"
                        + "\r\nContent-Length: 0\r\n\r\n")) {
            ApiError e = assertThrows(ApiError.class, () -> api(server).me());
            assertThat(e.location(), is("https://…@example.com/login"));
        }
    }

    @Test
    void aProxyThatRepeatsItsPasswordTellsNobody() throws Exception {
        String login =
                java.util.Base64.getEncoder().encodeToString(("user:" + SECRET).getBytes(StandardCharsets.UTF_8));
        try (RawServer proxy = RawServer.answeringEach("HTTP/1.1 407 no " + SECRET + ' ' + login
                + "\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")) {
            int port = java.net.URI.create(proxy.url()).getPort();
            ProxySettings through = new ProxySettings("127.0.0.1", port, "user", SECRET, List.of());
            TransportException e = TransportFixture.failure(
                    settings.withProxy(through), TransportFixture.get("http://mender.example.com"));
            assertThat(e.getMessage(), containsString("407 no **** ****"));
            assertThat(e.getMessage(), not(containsString(login)));
        }
    }

    @Test
    void noLoggerOfHttpClientTellsTheToken() throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        StreamHandler handler = new StreamHandler(written, new SimpleFormatter());
        handler.setLevel(Level.ALL);
        Logger logger = Logger.getLogger("org.apache.hc");
        logger.addHandler(handler);
        logger.setLevel(Level.ALL);
        try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) {
            TransportFixture.send(settings, TransportFixture.get(server));
            assertThat(server.request(), containsString(TransportFixture.SECRET));
        } finally {
            logger.setLevel(null);
            logger.removeHandler(handler);
            handler.flush();
        }
        assertThat(written.toString(StandardCharsets.UTF_8), containsString("Authorization: ****"));
        assertThat(written.toString(StandardCharsets.UTF_8), not(containsString(TransportFixture.SECRET)));
    }

    @Test
    void aWebPageOfOpenedTitlesIsReadInNoTime() {
        String page = "<html>" + "<title".repeat(10_000);
        Response response = new Response(500, "", List.of(), page.getBytes(StandardCharsets.UTF_8), false, 0, "", "");
        assertThat(ApiError.of(response, "id", new Redaction()).words(), is(""));
        byte[] good = "<HTML><Title lang='en'>Bad gateway</TITLE>".getBytes(StandardCharsets.UTF_8);
        assertThat(
                ApiError.of(new Response(502, "", List.of(), good, false, 0, "", ""), "id", new Redaction())
                        .words(),
                is("Bad gateway"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"name\": \"a\"}]",
                "[{\"id\": null, \"name\": \"a\"}]",
                "[{\"id\": \"a\\nb\", \"name\": \"a\"}]",
                "[{\"id\": \"\\u001b[31mred\", \"name\": \"a\"}]",
                "[{\"id\": \"../../users\", \"name\": \"a\"}]",
                "[{\"id\": {\"a\": 1}, \"name\": \"a\"}]",
                "[[]]",
                "[1, null]"
            })
    void anArtifactWithoutAProperIdIsNoAnswerOfMenders(String list) {
        assertThrows(ApiError.class, () -> answering(list).artifactsNamed("a"));
    }

    @Test
    void noShapeOfJsonBreaksAnything() throws Exception {
        Random random = new Random(17);
        for (int i = 0; i < 5000; i++) {
            MenderApi api = answering(shape(random, 4));
            for (Call call : List.<Call>of(() -> api.me(), () -> api.artifact(ID), () -> api.artifactsNamed("a"))) {
                try {
                    call.make();
                } catch (ApiError e) {
                    assertThat(e.status(), is(200));
                }
            }
        }
    }

    @FunctionalInterface
    private interface Call {
        Object make() throws ApiError, TransportException, InterruptedException;
    }

    private static String shape(Random random, int depth) {
        int kind = random.nextInt(depth > 0 ? 8 : 5);
        if (kind >= 5) {
            StringBuilder object = new StringBuilder("{\"id\": \"" + ID + "\", \"name\": \"a\"");
            for (String name : List.of(
                    "id",
                    "name",
                    "device_types_compatible",
                    "updates",
                    "files",
                    "artifact_depends",
                    "artifact_provides",
                    "type_info",
                    "type",
                    "size",
                    "signed",
                    "email",
                    "meta_data")) {
                if (random.nextInt(3) == 0) {
                    object.append(", \"").append(name).append("\": ").append(shape(random, depth - 1));
                }
            }
            return kind == 5 ? object + "}" : "[" + object + "}, " + shape(random, depth - 1) + "]";
        }
        return List.of("null", "true", "-1e400", "\"text\"", "[]").get(kind);
    }

    private static MenderApi answering(String json) throws Exception {
        byte[] content = json.getBytes(StandardCharsets.UTF_8);
        Transport transport = (request, listener) -> new Response(200, "OK", List.of(), content, false, 0, "", "");
        return new MenderApi(transport, MenderServer.parse("https://mender.example.com"), Token.of("token"));
    }

    private MenderApi api(RawServer server) throws Exception {
        return new MenderApi(
                new LocalTransport(settings), MenderServer.parse(server.url()), Token.of(TransportFixture.SECRET));
    }
}
