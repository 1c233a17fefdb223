package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.HostnameSpecification;
import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.mender.simulator.AuthenticatingProxy;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.RawServer;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Ways by which somebody might get at an administrator's token, none of which leads there. */
@WithJenkins
class TokenEscapeTest {
    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @Test
    void aServerThatRedirectsDoesNotPassTheTokenOn(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule, server.token());
        try (RawServer elsewhere = RawServer.answering("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")) {
            for (int status : List.of(302, 307)) {
                Reply redirect = Reply.empty(status).with("Location", elsewhere.url() + "/api");
                server.answer("GET /api/management/v1/useradm/users/me", redirect);
                server.answer(SimulatedMenderServer.UPLOAD, redirect);
                assertThat(fail(jenkins, "server: 'production'"), containsString("redirects the upload"));
            }
            assertThat(elsewhere.connections(), is(0));
        }
    }

    @Test
    void aJobCannotSendTheServersTokenToAnotherHost(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule, server.token());
        try (RawServer elsewhere = RawServer.closing()) {
            for (String parameters : List.of(
                    "serverUrl: '" + elsewhere.url() + "'",
                    "serverUrl: '" + elsewhere.url() + "', credentialsId: 'server-pat'",
                    "serverUrl: '" + elsewhere.url() + "', server: 'production'",
                    "serverUrl: '" + server.url() + "@" + elsewhere.url().substring("http://".length()) + "'")) {
                fail(jenkins, parameters);
            }
            assertThat(elsewhere.connections(), is(0));
        }
    }

    @Test
    void theServersCredentialsMustBelongToItsDomain(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule, server.token());
        SystemCredentialsProvider.getInstance()
                .getDomainCredentialsMap()
                .put(
                        new Domain("hosted", null, List.of(new HostnameSpecification("hosted.mender.io", null))),
                        List.of(new StringCredentialsImpl(
                                CredentialsScope.SYSTEM, "hosted-pat", "", Secret.fromString("hosted-secret"))));
        Administration.configure(Administration.server("production", server.url(), "hosted-pat", null));
        assertThat(
                fail(jenkins, "server: 'production'"),
                containsString("'hosted-pat' belong to a domain that does not include " + server.url()));
        assertThat(server.exchanges(), is(empty()));
    }

    @Test
    void nothingThatIsKeptTellsTheTokenOrTheProxysPassword(JenkinsRule rule) throws Exception {
        String token = server.token();
        MenderJenkins jenkins = jenkins(rule, token);
        try (AuthenticatingProxy proxy = AuthenticatingProxy.start()) {
            Administration.use(proxy, AuthenticatingProxy.PASSWORD, "");
            build(jenkins, "server: 'production'", Result.SUCCESS);
            server.answer(SimulatedMenderServer.UPLOAD, Reply.error(401, "no: Bearer " + token));
            server.clear();
            fail(jenkins, "server: 'production'");
            Administration.use(proxy, "wrong-proxy-password", "");
            fail(jenkins, "server: 'production'");
            for (String secret : List.of(token, AuthenticatingProxy.PASSWORD, "wrong-proxy-password")) {
                assertThat(TokenSecrecyTest.filesWith(rule.jenkins.getRootDir().toPath(), secret), is(empty()));
            }
        }
    }

    private MenderJenkins jenkins(JenkinsRule rule, String token) throws Exception {
        Administration.storeSystemToken("server-pat", token);
        Administration.configure(Administration.server("production", server.url(), "server-pat", null));
        return new MenderJenkins(rule, server);
    }

    private static String fail(MenderJenkins jenkins, String parameters) throws Exception {
        String log = build(jenkins, parameters, Result.FAILURE);
        assertThat(log, containsString("Nothing was uploaded."));
        assertThat(log, not(containsString("\tat ")));
        return log;
    }

    private static String build(MenderJenkins jenkins, String parameters, Result result) throws Exception {
        WorkflowJob job = jenkins.pipeline("built-in", "menderUpload(artifact: 'build/*.mender', " + parameters + ")");
        MenderJenkins.place(jenkins.rule.jenkins, job, "rootfs-gzip.mender");
        return jenkins.log(jenkins.build(job, result));
    }
}
