package io.jenkins.plugins.mender.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.api.MenderApi;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import io.jenkins.plugins.mender.http.TransportException.Failure;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.AuthenticatingProxy;
import io.jenkins.plugins.mender.simulator.CertificateAuthority;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way through a proxy that wants a login, to servers that encrypt and to those that do not. */
@Timeout(60)
class ProxyTest {
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.root("Example Root");

    @TempDir
    private Path folder;

    @AutoClose
    private final SimulatedMenderServer plain = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @AutoClose
    private final SimulatedMenderServer encrypted = SimulatedMenderServer.start(Flavour.MENDER_4_1, AUTHORITY.server());

    @AutoClose
    private AuthenticatingProxy proxy;

    @BeforeEach
    void start() throws Exception {
        proxy = AuthenticatingProxy.start();
    }

    @Test
    void anUploadArrivesThroughTheProxyWithItsToken() throws Exception {
        Path file = ArtifactBuilder.recorded("rootfs-gzip.mender", folder.resolve("in"));
        ArtifactFile artifact = ArtifactFile.of("a.mender", file);
        for (SimulatedMenderServer server : List.of(plain, encrypted)) {
            api(server, settings()).upload(artifact, "", true, Transport.Listener.NONE);
            assertThat(server.artifacts(), hasSize(1));
        }
        assertThat(proxy.requests(), hasSize(2));
        assertThat(proxy.requests().get(0), startsWith("POST " + plain.url() + "/api/management/"));
        String tunnel = proxy.requests().get(1);
        assertThat(tunnel, startsWith("CONNECT "));
        assertThat(
                tunnel.toLowerCase(Locale.ROOT).replace("proxy-authorization", ""),
                not(containsString("authorization")));
        assertThat(
                plain.uploads().get(0).headers().keySet().toString()
                        + encrypted.uploads().get(0).headers().keySet(),
                not(containsString("proxy-authorization")));
    }

    @Test
    void aProxyThatIsNotGivenTheRightLoginIsNamed() throws Exception {
        ProxySettings none = new ProxySettings(proxy.host(), proxy.port(), null, null, List.of());
        ProxySettings wrong = new ProxySettings(proxy.host(), proxy.port(), "builder", "wrong", List.of());
        for (ProxySettings way : List.of(none, wrong)) {
            for (SimulatedMenderServer server : List.of(plain, encrypted)) {
                TransportException e = failure(server, settings().withProxy(way));
                assertThat(e.failure(), is(Failure.PROXY_LOGIN));
                assertThat(e.getMessage(), startsWith(way + ": HTTP 407"));
            }
        }
        assertThat(plain.exchanges(), is(empty()));
        assertThat(encrypted.exchanges(), is(empty()));
    }

    @Test
    void aProxyThatForbidsTheWayOrIsNotThereIsNotTakenForTheServer() throws Exception {
        proxy.forbid("localhost");
        TransportException forbidden = failure(encrypted, settings());
        assertThat(forbidden.failure(), is(Failure.PROXY));
        assertThat(forbidden.getMessage(), containsString(": HTTP 403"));
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        ProxySettings gone = new ProxySettings("127.0.0.1", port, null, null, List.of());
        ProxySettings unknown = new ProxySettings("no-such-host.invalid", 3128, null, null, List.of());
        for (ProxySettings way : List.of(gone, unknown)) {
            TransportException e = failure(plain, settings().withProxy(way));
            assertThat(e.failure(), is(Failure.PROXY));
            assertThat(e.getMessage(), startsWith(way + ": "));
        }
    }

    /** Who is told of the scheme knows why no password helps. */
    @Test
    void whatAProxyAsksForIsNamed() throws Exception {
        ProxySettings none = new ProxySettings(proxy.host(), proxy.port(), null, null, List.of());
        proxy.askFor("Negotiate", "NTLM");
        for (SimulatedMenderServer server : List.of(plain, encrypted)) {
            assertThat(
                    failure(server, settings().withProxy(none)).getMessage(),
                    containsString(", asks for Negotiate, NTLM"));
        }
    }

    @Test
    void theProxyOfTheMachineIsUsedWhereTheSettingsSaySoAndNamedWhereTheyDoNot() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        MenderServer gone = MenderServer.parse("http://localhost:" + port);
        Properties before = (Properties) System.getProperties().clone();
        System.setProperty("http.proxyHost", proxy.host());
        System.setProperty("http.proxyPort", String.valueOf(proxy.port()));
        System.setProperty("http.nonProxyHosts", "");
        try {
            ConnectionSettings ofTheMachine = settings().withProxy(ProxySettings.OF_THE_MACHINE);
            assertThat(failure(plain, ofTheMachine).failure(), is(Failure.PROXY_LOGIN)); // the JVM's has no login
            ConnectionSettings direct = settings().withProxy(null);
            TransportException e = assertThrows(
                    TransportException.class,
                    () -> new MenderApi(new LocalTransport(direct), gone, Token.of(plain.token())).me());
            assertThat(
                    e.getMessage(),
                    containsString("the proxy " + proxy.host() + ":" + proxy.port() + " of this machine is not used"));
        } finally {
            System.setProperties(before);
        }
    }

    @Test
    void certificatesAreCheckedThroughATunnelToo() throws Exception {
        TransportException e = failure(encrypted, ConnectionSettings.defaults().withProxy(way(List.of())));
        assertThat(e.failure(), is(Failure.NOT_TRUSTED));
        assertThat(e.certificateProblem().orElseThrow().certificate().issuer(), is("CN=Example Root"));
    }

    @Test
    void exceptedHostsAreReachedWithoutTheProxy() throws Exception {
        ConnectionSettings settings = settings().withProxy(way(List.of("LOCAL.*")));
        assertThat(api(encrypted, settings).me().email(), is(encrypted.user()));
        assertThat(proxy.requests(), is(empty()));
        assertThat(settings.proxyFor("localhost").isPresent(), is(false));
        assertThat(api(plain, settings).me().email(), is(plain.user()));
        assertThat(proxy.requests(), hasSize(1));
    }

    @Test
    void nobodyIsGivenTheProxysPasswordForTheWayToAnExceptedHost() throws Exception {
        ConnectionSettings settings = settings().withProxy(way(List.of("local.*")));
        assertThat(settings.towards("localhost").proxy(), is(nullValue()));
        assertThat(settings.towards("storage.example.com"), is(settings));
    }

    @ParameterizedTest
    @CsvSource({
        "example\\.com, example.com, false",
        "example\\.com, sub.example.com, true",
        ".*\\.example\\.com, Sub.Example.COM, false",
        ".*\\.example\\.com, example.com, true",
        "10\\..*, 10.1.2.3, false",
        "::1, '[::1]', false",
    })
    void patternsMatchTheWholeNameInAnyCase(String pattern, String host, boolean proxied) {
        assertThat(way(List.of(pattern)).appliesTo(host), is(proxied));
    }

    private ProxySettings way(List<String> excepted) {
        return new ProxySettings(
                proxy.host(), proxy.port(), AuthenticatingProxy.USER, AuthenticatingProxy.PASSWORD, excepted);
    }

    private ConnectionSettings settings() throws Exception {
        return ConnectionSettings.defaults()
                .trusting(TrustedCertificates.parse(AUTHORITY.pem()))
                .withProxy(way(List.of()));
    }

    private static MenderApi api(SimulatedMenderServer server, ConnectionSettings settings) throws Exception {
        return new MenderApi(new LocalTransport(settings), MenderServer.parse(server.url()), Token.of(server.token()));
    }

    private static TransportException failure(SimulatedMenderServer server, ConnectionSettings settings) {
        return assertThrows(
                TransportException.class, () -> api(server, settings).me());
    }
}
