package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.ExtensionList;
import hudson.Util;
import hudson.util.FormValidation;
import hudson.util.FormValidation.Kind;
import io.jenkins.plugins.mender.config.ConfiguredServer;
import io.jenkins.plugins.mender.config.ProxyRoute;
import io.jenkins.plugins.mender.simulator.AuthenticatingProxy;
import io.jenkins.plugins.mender.simulator.CertificateAuthority;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What the connection test of a server says, of connections and of every kind of token. */
@WithJenkins
class ConnectionTestTest {
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.root("Example Root");
    private static final String LIST = "GET /api/management/v2/deployments/artifacts";
    private static final String ME = "GET /api/management/v1/useradm/users/me";

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1, AUTHORITY.server());

    private MenderJenkins jenkins;
    private int stored;

    @Test
    void aGoodTokenIsToldWithItsOwnerAndItsRights(JenkinsRule rule) throws Exception {
        jenkins = new MenderJenkins(rule, server);
        String good =
                assertTold(Kind.OK, server.token(), AUTHORITY.pem(), "The token belongs to ci@example.com and never");
        assertThat(
                good,
                containsString(
                        "Connected with TLSv1.3. The certificate of CN=localhost was issued by CN=Example Root"));
        assertThat(good, containsString("It may list Artifacts."));
        assertThat(good, containsString("It may upload Artifacts."));
        assertThat(server.artifacts(), is(empty()));
        server.answer(LIST, Reply.error(403, "Access denied"));
        server.answer("GET /api/management/v1/deployments/artifacts/list", Reply.error(403, "Access denied"));
        assertTold(Kind.WARNING, server.token(), AUTHORITY.pem(), "It may not list Artifacts");
    }

    @Test
    void everyKindOfBadTokenHasItsWords(JenkinsRule rule) throws Exception {
        jenkins = new MenderJenkins(rule, server);
        String pem = AUTHORITY.pem();
        Instant soon = Instant.now().plus(Duration.ofHours(12 * 24 + 12));
        assertTold(Kind.WARNING, server.tokenUntil(soon), pem, "expires in 12 days (20");
        assertTold(Kind.ERROR, server.tokenUntil(Instant.now().minusSeconds(60)), pem, "expired on 20");
        String revoked = server.token();
        server.revoke(revoked);
        assertTold(Kind.ERROR, revoked, pem, "it was revoked");
        assertTold(Kind.ERROR, "no-jwt", pem, "is no JSON Web Token");
        assertTold(Kind.ERROR, "two words", pem, "hold no token");
        try (SimulatedMenderServer other = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            assertTold(Kind.ERROR, other.token(), pem, "belongs to another server or region");
        }
        server.answer(ME, Reply.json(200, "{\"email\":\"<b>opaque@example.com\"}"));
        server.answer(LIST, Reply.json(200, "[]"));
        server.answer(SimulatedMenderServer.UPLOAD, Reply.error(400, "request Content-Type isn't multipart/form-data"));
        String opaque = assertTold(Kind.OK, "an-opaque-token", pem, "belongs to <b>opaque@example.com");
        assertThat(opaque, containsString("never expires"));
    }

    @Test
    void connectionsThatFailHaveTheWordsOfTheLog(JenkinsRule rule) throws Exception {
        jenkins = new MenderJenkins(rule, server);
        assertTold(Kind.ERROR, server.token(), null, "is from an authority that is not trusted: CN=Example Root.");
        assertTold(Kind.ERROR, server.token(), "no PEM", "There is no certificate");
        try (AuthenticatingProxy proxy = AuthenticatingProxy.start()) {
            Administration.use(proxy, AuthenticatingProxy.PASSWORD, "");
            assertTold(Kind.OK, server.token(), AUTHORITY.pem(), "Through the proxy " + proxy.host());
            Administration.use(proxy, "wrong", "");
            assertTold(Kind.ERROR, server.token(), AUTHORITY.pem(), "wants a user name and a password");
        }
        assertTold(Kind.ERROR, server.token(), AUTHORITY.pem(), "The proxy does not lead to");
    }

    private String assertTold(Kind kind, String token, String certificates, String words) throws Exception {
        String id = "token-" + ++stored;
        jenkins.storeToken(id, token);
        FormValidation result = ExtensionList.lookupSingleton(ConfiguredServer.DescriptorImpl.class)
                .doTestConnection("lab", server.url(), id, certificates, null, ProxyRoute.JENKINS, false);
        String html = result.renderHtml();
        assertThat(html, not(containsString(token)));
        assertThat(html, not(containsString("<b>")));
        assertThat(html, containsString(Util.escape(words)));
        assertThat(html, result.kind, is(kind));
        return html;
    }
}
