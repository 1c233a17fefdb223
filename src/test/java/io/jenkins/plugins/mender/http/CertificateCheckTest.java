package io.jenkins.plugins.mender.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.http.CertificateProblem.Kind;
import io.jenkins.plugins.mender.http.LocalTransport.TlsConnection;
import io.jenkins.plugins.mender.http.TransportException.Failure;
import io.jenkins.plugins.mender.http.TrustedCertificates.InvalidCertificatesException;
import io.jenkins.plugins.mender.http.TrustedCertificates.InvalidCertificatesException.Problem;
import io.jenkins.plugins.mender.simulator.CertificateAuthority;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.simulator.TlsIdentity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which servers are trusted, and what is known of those that are not. */
@Timeout(60)
class CertificateCheckTest {
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.root("Example Root");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aPrivateAuthorityIsTrustedOnceItsCertificateIsGiven(String protocol) throws Exception {
        List<TlsConnection> connections = new ArrayList<>();
        try (SimulatedMenderServer server = start(AUTHORITY.server().speaking(protocol))) {
            Response response = new LocalTransport(trusting(AUTHORITY.pem()), connections::add).send(get(server));
            assertThat(response.status(), is(404));
            assertThat(connections.get(0).protocol(), is(protocol));
            assertThat(connections.get(0).certificate().issuer(), is("CN=Example Root"));
        }
    }

    @Test
    void severalCertificatesMayStandInOneTextWithOtherTextBetween() throws Exception {
        CertificateAuthority other = CertificateAuthority.root("Other Root");
        try (SimulatedMenderServer server =
                start(AUTHORITY.intermediate("Example Issuing").server())) {
            String pem = "subject=CN = Other Root\n" + other.pem() + "\r\n# ours - really\n" + AUTHORITY.pem();
            assertThat(send(trusting(pem), server).status(), is(404));
        }
    }

    @Test
    void aServersOwnCertificateCanBeTrusted() throws Exception {
        TlsIdentity identity = CertificateAuthority.selfSigned();
        try (SimulatedMenderServer server = start(identity)) {
            String pem = CertificateAuthority.pem(identity.chain().get(0));
            assertThat(send(trusting(pem), server).status(), is(404));
            assertThat(problem(ConnectionSettings.defaults(), server).kind(), is(Kind.SELF_SIGNED));
        }
    }

    @Test
    void anUnknownAuthorityIsNamedWithTheWholeChain() throws Exception {
        try (SimulatedMenderServer server =
                start(AUTHORITY.intermediate("Example Issuing").server())) {
            CertificateProblem problem = problem(ConnectionSettings.defaults(), server);
            assertThat(problem.kind(), is(Kind.UNKNOWN_ISSUER));
            assertThat(problem.certificate().issuer(), is("CN=Example Issuing"));
            assertThat(problem.chain(), contains("CN=localhost", "CN=Example Issuing"));
            CertificateAuthority sameName = CertificateAuthority.root("Example Root");
            assertThat(problem(trusting(sameName.pem()), server).kind(), is(Kind.UNKNOWN_ISSUER));
        }
    }

    @Test
    void anExpiredCertificateAnotherHostsAndTheRestAreToldApart() throws Exception {
        ConnectionSettings settings = trusting(AUTHORITY.pem());
        try (SimulatedMenderServer server = start(AUTHORITY.expiredServer())) {
            CertificateProblem problem = problem(settings, server);
            assertThat(problem.kind(), is(Kind.EXPIRED));
            assertThat(problem.certificate().subject(), is("CN=localhost"));
        }
        try (SimulatedMenderServer server = start(AUTHORITY.serverFor("mender.example.com"))) {
            CertificateProblem problem = problem(settings, server);
            assertThat(problem.kind(), is(Kind.OTHER_HOST));
            assertThat(problem.certificate().names(), contains("mender.example.com"));
        }
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            Request request = TransportFixture.get(server.url().replace("http:", "https:"));
            TransportException e =
                    assertThrows(TransportException.class, () -> new LocalTransport(settings).send(request));
            assertThat(e.failure(), is(Failure.NOT_TRUSTED));
            assertThat(e.certificateProblem().isEmpty(), is(true));
        }
    }

    @Test
    void everyCertificateIsAcceptedWhenTheCheckIsSkipped() throws Exception {
        for (TlsIdentity identity : List.of(
                AUTHORITY.expiredServer(), AUTHORITY.serverFor("x.example.com"), CertificateAuthority.selfSigned())) {
            try (SimulatedMenderServer server = start(identity)) {
                ConnectionSettings settings = ConnectionSettings.defaults();
                assertThat(send(settings.withoutCertificateCheck(), server).status(), is(404));
                assertThrows(TransportException.class, () -> send(settings, server));
            }
        }
    }

    @Test
    void whatIsGivenIsTrustedInAdditionToTheTrustStoreOfTheJvm() throws Exception {
        CertificateAuthority ofTheJvm = CertificateAuthority.root("JVM Root");
        String before = System.getProperty("javax.net.ssl.trustStore");
        System.setProperty("javax.net.ssl.trustStore", trustStore(ofTheJvm).toString());
        System.setProperty("javax.net.ssl.trustStorePassword", "changeit");
        try (SimulatedMenderServer one = start(ofTheJvm.server());
                SimulatedMenderServer other = start(AUTHORITY.server())) {
            assertThat(send(ConnectionSettings.defaults(), one).status(), is(404));
            assertThat(send(trusting(AUTHORITY.pem()), one).status(), is(404));
            assertThat(send(trusting(AUTHORITY.pem()), other).status(), is(404));
            assertThat(problem(ConnectionSettings.defaults(), other).kind(), is(Kind.UNKNOWN_ISSUER));
        } finally {
            System.clearProperty("javax.net.ssl.trustStorePassword");
            if (before == null) {
                System.clearProperty("javax.net.ssl.trustStore");
            } else {
                System.setProperty("javax.net.ssl.trustStore", before);
            }
        }
    }

    @Test
    void badTextIsRefusedWithTheReason() throws Exception {
        String pem = AUTHORITY.pem();
        assertRefused("no certificate at all", Problem.NO_CERTIFICATE, 0);
        assertRefused(
                pem + "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----", Problem.PRIVATE_KEY, 0);
        assertRefused(pem + pem.substring(0, pem.length() / 2), Problem.UNREADABLE, 2);
        assertRefused("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----", Problem.UNREADABLE, 1);
        assertThat(TrustedCertificates.parse("  \n"), is(TrustedCertificates.NONE));
        assertThat(TrustedCertificates.parse(null), is(TrustedCertificates.NONE));
        assertThat(TrustedCertificates.parse(pem).describe().get(0).subject(), is("CN=Example Root"));
    }

    @Test
    void settingsAndProblemsTravelToOtherMachinesAndBack() throws Exception {
        ConnectionSettings settings = trusting(AUTHORITY.pem());
        assertThat(travelled(settings), is(settings));
        try (SimulatedMenderServer server = start(AUTHORITY.server())) {
            TransportException e =
                    assertThrows(TransportException.class, () -> send(ConnectionSettings.defaults(), server));
            TransportException back = (TransportException) travelled(e);
            assertThat(back.certificateProblem(), is(e.certificateProblem()));
            assertThat(back.getMessage(), containsString("certification path"));
        }
    }

    private static Object travelled(Object value) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    private static void assertRefused(String pem, Problem problem, int position) {
        InvalidCertificatesException e =
                assertThrows(InvalidCertificatesException.class, () -> TrustedCertificates.parse(pem));
        assertThat(e.problem(), is(problem));
        assertThat(e.position(), is(position));
    }

    private Path trustStore(CertificateAuthority authority) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        X509Certificate certificate =
                TrustedCertificates.parse(authority.pem()).certificates().get(0);
        store.setCertificateEntry("root", certificate);
        Path file = folder.resolve("trust.p12");
        try (var out = Files.newOutputStream(file)) {
            store.store(out, "changeit".toCharArray());
        }
        return file;
    }

    private SimulatedMenderServer start(TlsIdentity identity) throws Exception {
        return SimulatedMenderServer.start(Flavour.MENDER_4_1, identity);
    }

    private static ConnectionSettings trusting(String pem) throws Exception {
        return ConnectionSettings.defaults().trusting(TrustedCertificates.parse(pem));
    }

    private static Response send(ConnectionSettings settings, SimulatedMenderServer server) throws Exception {
        return new LocalTransport(settings).send(get(server));
    }

    private static Request get(SimulatedMenderServer server) {
        return TransportFixture.get(server.url());
    }

    private static CertificateProblem problem(ConnectionSettings settings, SimulatedMenderServer server) {
        TransportException e = assertThrows(TransportException.class, () -> send(settings, server));
        assertThat(e.failure(), is(Failure.NOT_TRUSTED));
        return e.certificateProblem().orElseThrow();
    }
}
