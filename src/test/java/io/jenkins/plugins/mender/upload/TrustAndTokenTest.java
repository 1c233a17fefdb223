package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.http.TrustedCertificates;
import io.jenkins.plugins.mender.simulator.AuthenticatingProxy;
import io.jenkins.plugins.mender.simulator.CertificateAuthority;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.simulator.TlsIdentity;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the log says of certificates, proxies and tokens that stand in the way, and of those that soon will. */
@Timeout(60)
class TrustAndTokenTest {
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.root("Example Root");
    private static final String ME = "GET /api/management/v1/useradm/users/me";

    @Test
    void everyKindOfBadCertificateHasItsWords() throws Exception {
        TlsIdentity chained = AUTHORITY.intermediate("Example Issuing").server();
        assertTold(
                chained,
                "is from an authority that is not trusted: CN=Example Issuing.",
                "The server sent: CN=localhost < CN=Example Issuing.");
        assertTold(CertificateAuthority.selfSigned(), "is signed by itself and not trusted: CN=localhost.");
        ConnectionSettings trusting =
                ConnectionSettings.defaults().trusting(TrustedCertificates.parse(AUTHORITY.pem()));
        assertTold(trusting, AUTHORITY.expiredServer(), "has expired: CN=localhost was valid to ");
        assertTold(trusting, AUTHORITY.serverFor("mender.example.com"), "is for another host: mender.example.com.");
    }

    @Test
    void aServerThatDoesNotEncryptIsToldFromOneThatIsNotTrusted() throws Exception {
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            String told = told(
                    server,
                    new LocalTransport(ConnectionSettings.defaults()),
                    server.url().replace("http:", "https:"));
            assertThat(told, containsString("No encrypted connection to https://127.0.0.1"));
            assertThat(told, containsString("its URL begins"));
        }
    }

    @Test
    void aProxyIsNamedInTheLogAndBlamedForWhatIsItsFault() throws Exception {
        try (AuthenticatingProxy proxy = AuthenticatingProxy.start();
                SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1, AUTHORITY.server())) {
            ConnectionSettings settings = ConnectionSettings.defaults()
                    .withProxy(new ProxySettings(proxy.host(), proxy.port(), "builder", "secret-of-proxy", List.of()));
            MenderServer address = MenderServer.parse(server.url());
            String name = proxy.host() + ":" + proxy.port();
            assertThat(UploadSession.notes(address, settings), is(List.of("Through the proxy " + name)));
            assertThat(UploadSession.notes(address, ConnectionSettings.defaults()), is(empty()));
            String told = told(server, new LocalTransport(settings), server.url());
            assertThat(
                    told, containsString("wants a user name and a password, or refuses those it was given (" + name));
            assertThat(told, not(containsString("secret-of-proxy")));
        }
    }

    @Test
    void aCheckThatIsSkippedIsWarnedOfWhereThereIsOne() throws Exception {
        ConnectionSettings settings = ConnectionSettings.defaults().withoutCertificateCheck();
        assertThat(
                UploadSession.notes(MenderServer.parse("https://m.example.com"), settings),
                hasItem(containsString("WARNING: the certificate of https://m.example.com is not checked")));
        assertThat(UploadSession.notes(MenderServer.parse("http://localhost"), settings), is(empty()));
    }

    @Test
    void anExpiredTokenIsNotEvenSent() throws Exception {
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            EngineFixture engine = new EngineFixture(server);
            engine.token = server.tokenUntil(engine.pacing.now().minus(Duration.ofDays(3)));
            UploadFailure failure = assertThrows(UploadFailure.class, engine::session);
            assertThat(
                    failure.getMessage(),
                    allOf(containsString("'mender-pat' expired on 20"), endsWith("Nothing was uploaded.")));
            assertThat(engine.told(failure), containsString("Create a new personal access token"));
            assertThat(engine.told(failure), not(containsString(engine.token)));
            assertThat(server.exchanges(), is(empty()));
        }
    }

    @Test
    void aTokenIsWarnedOfInItsLastTwoWeeks() throws Exception {
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            assertThat(warnings(server, Duration.ofDays(13)), hasItem(containsString("expires in 13 days (20")));
            assertThat(warnings(server, Duration.ofHours(20)), hasItem(containsString("expires in 20 hours (20")));
            assertThat(warnings(server, Duration.ofMinutes(50)), hasItem(containsString("in less than an hour (20")));
            assertThat(warnings(server, Duration.ofDays(15)), is(empty()));
            EngineFixture engine = new EngineFixture(server);
            engine.session();
            assertThat(engine.log, is(empty()));
        }
    }

    @Test
    void aTokenThatIsNoJwtWorksIfTheServerTakesIt() throws Exception {
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            server.answer(ME, Reply.json(200, "{\"email\":\"opaque@example.com\"}"));
            EngineFixture engine = new EngineFixture(server);
            engine.token = "an-opaque-token";
            engine.session();
            assertThat(server.exchanges(), hasSize(1));
        }
    }

    @Test
    void aTokenThatEndedByTheServersClockAloneCountsAsExpired() throws Exception {
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            server.answer(ME, Reply.error(401, "invalid jwt"));
            EngineFixture engine = new EngineFixture(server);
            engine.token = server.tokenUntil(engine.pacing.now().plusSeconds(60));
            UploadFailure failure = assertThrows(UploadFailure.class, engine::session);
            assertThat(failure.getMessage(), containsString("'mender-pat' has expired (401 invalid jwt)"));
        }
    }

    private List<String> warnings(SimulatedMenderServer server, Duration left) throws Exception {
        EngineFixture engine = new EngineFixture(server);
        engine.token = server.tokenUntil(engine.pacing.now().plus(left));
        engine.session();
        return engine.log;
    }

    private void assertTold(TlsIdentity identity, String... words) throws Exception {
        assertTold(ConnectionSettings.defaults(), identity, words);
    }

    private void assertTold(ConnectionSettings settings, TlsIdentity identity, String... words) throws Exception {
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1, identity)) {
            String told = told(server, new LocalTransport(settings), server.url());
            assertThat(told, containsString("The certificate of " + server.url() + ' '));
            for (String word : words) {
                assertThat(told, containsString(word));
            }
            assertThat(told, not(containsString("Exception")));
            assertThat(server.exchanges(), is(empty()));
        }
    }

    private static String told(SimulatedMenderServer server, LocalTransport transport, String url) {
        EngineFixture engine = new EngineFixture(server);
        engine.transport = transport;
        engine.url = url;
        UploadFailure failure = assertThrows(UploadFailure.class, engine::session);
        assertThat(failure.getMessage(), endsWith("Nothing was uploaded."));
        return engine.told(failure);
    }
}
