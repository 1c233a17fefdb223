package io.jenkins.plugins.mender.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import io.jenkins.plugins.mender.http.Request.Body.FileUpload;
import io.jenkins.plugins.mender.simulator.AuthenticatingProxy;
import io.jenkins.plugins.mender.simulator.CertificateAuthority;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.RawServer;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When an exchange takes over the connection of the one before it, and when it must not. */
@Timeout(60)
class KeptConnectionsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    @TempDir
    private Path folder;

    private final ConnectionSettings settings = ConnectionSettings.defaults();

    @Test
    void exchangesOneAfterAnotherUseOneConnectionWithOrWithoutAFile() throws Exception {
        try (RawServer server = RawServer.answeringEach(OK)) {
            for (int i = 0; i < 3; i++) {
                send(settings, get(server));
                send(settings, upload(server).withoutExpectContinue());
            }
            assertThat(server.connections(), is(1));
        }
    }

    @Test
    void aConnectionThatNobodyNeedsIsClosed() throws Exception {
        try (RawServer server = RawServer.answeringEach(OK)) {
            send(settings, get(server));
            awaitNoConnection(server);
            send(settings, get(server));
            assertThat(server.connections(), is(2));
        }
    }

    @Test
    void noThreadStaysBehindWhenNoConnectionIsLeft() throws Exception {
        try (RawServer server = RawServer.answeringEach(OK)) {
            send(settings, get(server));
            assertThat(closer(), is(true));
            awaitNoConnection(server);
            while (closer()) {
                Thread.yield();
            }
        }
    }

    @Test
    void aConnectionThatTheServerHasClosedIsNotTakenForAFile() throws Exception {
        try (RawServer server = RawServer.answeringAndClosing(OK)) {
            for (int i = 1; i <= 3; i++) {
                assertThat(
                        send(settings, upload(server).withoutExpectContinue()).status(), is(200));
                assertThat(server.connections(), is(i));
                awaitNoConnection(server);
            }
        }
    }

    @Test
    void anAnswerThatDidNotEndAsItShouldLeavesNoConnection() throws Exception {
        String tooLong = "x".repeat(2 * Request.ERROR_BYTES);
        try (RawServer server = RawServer.answeringEach(
                "HTTP/1.1 200 OK\r\nContent-Length: " + tooLong.length() + "\r\n\r\n" + tooLong)) {
            for (int i = 1; i <= 3; i++) {
                assertThat(send(settings, get(server)).truncated(), is(true));
                assertThat(server.connections(), is(i));
            }
        }
    }

    @Test
    void aRefusalBeforeTheFileLeavesNoConnectionThatTheFileIsMissingOn() throws Exception {
        try (RawServer server = RawServer.refusing("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")) {
            for (int i = 1; i <= 3; i++) {
                assertThat(send(settings, upload(server)).status(), is(401));
                assertThat(server.connections(), is(i));
            }
        }
    }

    @Test
    void otherSettingsMakeAConnectionOfTheirOwn() throws Exception {
        try (RawServer server = RawServer.answeringEach(OK)) {
            send(settings, get(server));
            send(settings.withoutCertificateCheck(), get(server));
            send(settings.trusting(new TrustedCertificates("other")), get(server));
            assertThat(server.connections(), is(3));
        }
    }

    @Test
    void settingsThatArriveAnewWithEachExchangeFindTheConnectionOfTheOneBefore() throws Exception {
        try (RawServer server = RawServer.answeringEach(OK)) {
            ConnectionSettings excepting = settings.withProxy(
                    new ProxySettings("proxy.invalid", 3128, "user", "password", List.of("127\\..*", "localhost")));
            for (int i = 0; i < 3; i++) {
                send(Wire.copy(excepting), get(server));
            }
            assertThat(server.connections(), is(1));
        }
    }

    @Test
    void aTransportThatTellsOfItsConnectionsMakesEachAnew() throws Exception {
        CertificateAuthority authority = CertificateAuthority.root("Example Root");
        ConnectionSettings trusting = settings.trusting(TrustedCertificates.parse(authority.pem()));
        int[] connections = {0};
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1, authority.server())) {
            new LocalTransport(trusting).send(TransportFixture.get(server.url()));
            LocalTransport telling = new LocalTransport(trusting, connection -> connections[0]++);
            telling.send(TransportFixture.get(server.url()));
            telling.send(TransportFixture.get(server.url()));
            assertThat(connections[0], is(2));
        }
    }

    @Test
    void aTunnelThroughAProxyIsMadeOnce() throws Exception {
        CertificateAuthority authority = CertificateAuthority.root("Example Root");
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1, authority.server());
                AuthenticatingProxy proxy = AuthenticatingProxy.start()) {
            ConnectionSettings through = settings.trusting(TrustedCertificates.parse(authority.pem()))
                    .withProxy(new ProxySettings(
                            proxy.host(),
                            proxy.port(),
                            AuthenticatingProxy.USER,
                            AuthenticatingProxy.PASSWORD,
                            List.of()));
            send(through, TransportFixture.get(server.url()));
            int asked = proxy.requests().size();
            assertThat(send(through, TransportFixture.get(server.url())).status(), is(404));
            assertThat(proxy.requests().size(), is(asked));
        }
    }

    @Test
    void whatAConnectionIsFoundByDoesNotTellTheProxysPasswordInItsStringForm() {
        ProxySettings proxy = new ProxySettings("proxy", 3128, "user", "secret-of-the-proxy", List.of());
        Connection.Key key =
                Connection.Key.of(settings.withProxy(proxy), TransportFixture.get("https://mender.example.com"));
        assertThat(key.toString(), not(containsString("secret-of-the-proxy")));
        assertThat(key.toString(), not(containsString(TransportFixture.SECRET)));
    }

    @Test
    void oneWhoHasOtherCredentialsGetsAConnectionOfTheirOwn() throws Exception {
        try (RawServer server = RawServer.answeringEach(OK)) {
            send(settings, get(server));
            send(settings, new Request("GET", URI.create(server.url()), List.of(), new Request.Body.None(), false));
            assertThat(server.connections(), is(2));
        }
    }

    @Test
    void anAnswerThatNobodyAskedForIsNotGivenToTheNext() throws Exception {
        String late = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n";
        try (RawServer server = RawServer.answeringEach(OK + late)) {
            for (int i = 0; i < 20; i++) {
                assertThat(send(settings, get(server)).status(), is(200));
            }
        }
    }

    private static boolean closer() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("Mender: close unused connections"));
    }

    private static void awaitNoConnection(RawServer server) {
        while (server.openConnections() > 0) {
            Thread.yield();
        }
    }

    private static Response send(ConnectionSettings settings, Request request) throws Exception {
        return new LocalTransport(settings).send(request);
    }

    private static Request get(RawServer server) {
        return TransportFixture.get(server.url());
    }

    private Request upload(RawServer server) throws Exception {
        Path file = Files.write(folder.resolve("release.mender"), new byte[1000]);
        FileUpload body = new FileUpload(List.of(), "artifact", "release.mender", file.toString(), 1000);
        return new Request(
                "POST", URI.create(server.url() + "/upload"), get(server).headers(), body, true);
    }
}
