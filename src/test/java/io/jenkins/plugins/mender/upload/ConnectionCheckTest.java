package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.simulator.CertificateAuthority;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.ConnectionCheck.Report;
import io.jenkins.plugins.mender.upload.ConnectionCheck.Verdict;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection test says in an upload's words what an upload would meet, and changes nothing. */
@Timeout(60)
class ConnectionCheckTest {
    private static final String ME = "GET /api/management/v1/useradm/users/me";

    @AutoClose
    private final SimulatedMenderServer server =
            SimulatedMenderServer.start(Flavour.MENDER_4_1, CertificateAuthority.selfSigned());

    @Test
    void aCheckThatIsSkippedIsDoubtfulAndStillTellsTheCertificate() throws Exception {
        Report report = check(new Credential.BearerToken("mender-pat", server.token()));
        assertThat(report.verdict(), is(Verdict.DOUBTFUL));
        assertThat(
                report.lines(),
                contains(
                        startsWith("WARNING: the certificate of " + server.url() + " is not checked"),
                        startsWith(
                                "Connected with TLSv1.3. The certificate of CN=localhost was issued by CN=localhost"),
                        is("The token belongs to ci@example.com and never expires."),
                        is("It may list Artifacts."),
                        is("It may upload Artifacts.")));
        assertThat(server.artifacts(), is(empty()));
    }

    @Test
    void whoMayNotUploadIsToldBeforeAnyBuild() throws Exception {
        server.answer(SimulatedMenderServer.UPLOAD, Reply.error(403, "Access denied (RBAC)."));
        Report refused = check(new Credential.BearerToken("mender-pat", server.token()));
        assertThat(refused.verdict(), is(Verdict.BAD));
        assertThat(
                refused.lines(), hasItem(startsWith("The user of credentials 'mender-pat' may not upload Artifacts")));
        server.answer(SimulatedMenderServer.UPLOAD, Reply.empty(503));
        Report unknown = check(new Credential.BearerToken("mender-pat", server.token()));
        assertThat(unknown.verdict(), is(Verdict.DOUBTFUL));
        assertThat(unknown.lines(), hasItem(startsWith("Whether it may upload cannot be told (HTTP 503")));
    }

    @Test
    void aLoginIsTriedOutToo() throws Exception {
        Report report = check(new Credential.Login("mender-login", server.user(), server.password()));
        assertThat(report.lines(), hasItem(startsWith("The token belongs to ci@example.com and expires in 6 days")));
        Report refused = check(new Credential.Login("mender-login", server.user(), "wrong password"));
        assertThat(refused.verdict(), is(Verdict.BAD));
        assertThat(refused.lines().toString(), containsString("refused the user name and password"));
        assertThat(refused.lines().toString(), not(containsString("wrong password")));
    }

    @Test
    void whatIsNoMenderServerIsToldAsSuchAndNotTriedAgain() throws Exception {
        for (Reply reply : new Reply[] {Reply.html(404, "Not Found"), Reply.empty(503)}) {
            server.answer(ME, reply);
            int before = server.exchanges().size();
            Report report = check(new Credential.BearerToken("mender-pat", server.token()));
            assertThat(report.verdict(), is(Verdict.BAD));
            assertThat(report.lines().toString(), not(containsString("Nothing was uploaded")));
            assertThat(server.exchanges().size(), is(before + 1));
        }
        server.answer(ME, Reply.error(403, "Access denied"));
        Report unnamed = check(new Credential.BearerToken("mender-pat", server.token()));
        assertThat(unnamed.lines(), hasItem("The token belongs to a user whom it may not name and never expires."));
        assertThat(server.artifacts(), is(empty()));
    }

    private Report check(Credential credential) throws Exception {
        return ConnectionCheck.run(
                MenderServer.parse(server.url()), ConnectionSettings.defaults().withoutCertificateCheck(), credential);
    }
}
