package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.Node;
import hudson.model.Result;
import io.jenkins.plugins.mender.config.ConfiguredServer;
import io.jenkins.plugins.mender.config.MenderConfiguration;
import io.jenkins.plugins.mender.config.ProxyRoute;
import io.jenkins.plugins.mender.simulator.AuthenticatingProxy;
import io.jenkins.plugins.mender.simulator.CertificateAuthority;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Which server a job gets, with which credentials, and by which way: from the controller and from an inbound agent. */
@WithJenkins
class ConfiguredServersTest {
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.root("Example Root");

    @RegisterExtension
    private static final InboundAgentExtension AGENTS = new InboundAgentExtension();

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1, AUTHORITY.server());

    @Test
    void aNameBringsAddressTrustAndCredentials(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        Administration.configure(production());
        for (Node node : nodes(rule)) {
            String log = succeed(jenkins, node, "server: 'production'");
            assertThat(log, containsString("to production (" + server.url() + ") as " + server.user()));
        }
    }

    @Test
    void withoutANameTheDefaultServerIsTaken(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        assertThat(fail(jenkins, rule.jenkins, ""), containsString("none is configured under Manage Jenkins"));
        ConfiguredServer staging = Administration.server("staging", "https://staging.invalid", null, null);
        Administration.configure(staging, production());
        assertThat(
                fail(jenkins, rule.jenkins, ""),
                containsString("none of those that are configured is the default: choose one of staging, production."));
        MenderConfiguration.get().setDefaultServer("production");
        succeed(jenkins, rule.jenkins, "");
        MenderConfiguration.get().setDefaultServer("gone");
        assertThat(fail(jenkins, rule.jenkins, ""), containsString("'gone' does not exist"));
    }

    @Test
    void whatCannotBeMeantIsRefusedWithTheChoices(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        Administration.configure(production());
        assertThat(
                fail(jenkins, rule.jenkins, "server: 'prod'"),
                containsString("There is no Mender Server named 'prod'. Configured are: production."));
        assertThat(
                fail(jenkins, rule.jenkins, "server: 'production', serverUrl: '" + server.url() + "'"),
                containsString("'Server' and 'Server URL' exclude each other"));
        assertThat(
                fail(jenkins, rule.jenkins, "serverUrl: 'https://other.example.com'"),
                containsString("'Credentials' is empty"));
        assertThat(server.exchanges(), is(empty()));
    }

    @Test
    void otherServersCanBeForbidden(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        Administration.configure(production());
        MenderConfiguration.get().setOnlyConfiguredServers(true);
        try (SimulatedMenderServer other = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            assertThat(
                    fail(jenkins, rule.jenkins, "serverUrl: '" + other.url() + "', credentialsId: 'mender-pat'"),
                    containsString("Jobs may not use " + other.url()));
            assertThat(other.exchanges(), is(empty()));
        }
        String sameServer = server.url().replace("localhost", "LocalHost") + "/";
        succeed(jenkins, rule.jenkins, "serverUrl: '" + sameServer + "', credentialsId: 'mender-pat'");
    }

    @Test
    void theJobsCredentialsOutrankThoseOfTheServer(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        String revoked = server.token();
        server.revoke(revoked);
        Administration.storeSystemToken("revoked-pat", revoked);
        Administration.configure(Administration.server("production", server.url(), "revoked-pat", AUTHORITY.pem()));
        assertThat(fail(jenkins, rule.jenkins, ""), containsString("it was revoked"));
        succeed(jenkins, rule.jenkins, "credentialsId: 'mender-pat'");
    }

    @Test
    void theServersCredentialsAreForThatServerAlone(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        Administration.storeSystemToken("system-pat", server.token());
        Administration.configure(Administration.server("production", server.url(), "system-pat", AUTHORITY.pem()));
        succeed(jenkins, rule.jenkins, "");
        try (SimulatedMenderServer other = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            assertThat(
                    fail(jenkins, rule.jenkins, "serverUrl: '" + other.url() + "', credentialsId: 'system-pat'"),
                    containsString("There are no credentials 'system-pat' that this job may use"));
            assertThat(
                    fail(jenkins, rule.jenkins, "serverUrl: '" + other.url() + "'"),
                    containsString("'Credentials' is empty"));
            assertThat(other.exchanges(), is(empty()));
        }
    }

    @Test
    void theWayLeadsThroughJenkinsProxyWithItsLogin(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        Administration.configure(production());
        try (AuthenticatingProxy proxy = AuthenticatingProxy.start()) {
            String through = "[Mender] Through the proxy " + proxy.host() + ":" + proxy.port();
            for (Node node : nodes(rule)) {
                Administration.use(proxy, AuthenticatingProxy.PASSWORD, "");
                int before = proxy.requests().size();
                assertThat(succeed(jenkins, node, ""), containsString(through));
                assertThat(proxy.requests().size() > before, is(true));

                Administration.use(proxy, "wrong-proxy-password", "");
                String refused = fail(jenkins, node, "");
                assertThat(refused, containsString("ERROR: The proxy on the way to " + server.url()));
                assertThat(refused, not(containsString("wrong-proxy-password")));

                int used = proxy.requests().size();
                Administration.use(proxy, "wrong-proxy-password", "127.0.0.1, local*");
                assertThat(succeed(jenkins, node, ""), not(containsString("Through the proxy")));
                Administration.use(proxy, "wrong-proxy-password", "");
                ConfiguredServer direct = production();
                direct.setProxy(ProxyRoute.NONE);
                Administration.configure(direct);
                succeed(jenkins, node, "");
                assertThat(proxy.requests(), hasSize(used));
                Administration.configure(production());
            }
        }
    }

    @Test
    void certificatesAreToldFromWhereTheyAreChecked(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        List<Node> nodes = nodes(rule);
        try (SimulatedMenderServer expired =
                        SimulatedMenderServer.start(Flavour.MENDER_4_1, AUTHORITY.expiredServer());
                SimulatedMenderServer misnamed =
                        SimulatedMenderServer.start(Flavour.MENDER_4_1, AUTHORITY.serverFor("mender.example.com"))) {
            for (Node node : nodes) {
                Administration.configure(Administration.server("production", server.url(), "mender-pat", null));
                String unknown = fail(jenkins, node, "");
                assertThat(unknown, containsString("is from an authority that is not trusted: CN=Example Root."));
                assertThat(unknown, not(containsString("\tat ")));
                Administration.configure(
                        Administration.server("production", expired.url(), "mender-pat", AUTHORITY.pem()));
                assertThat(fail(jenkins, node, ""), containsString("has expired: CN=localhost was valid to"));
                ConfiguredServer wrong =
                        Administration.server("production", misnamed.url(), "mender-pat", AUTHORITY.pem());
                Administration.configure(wrong);
                assertThat(fail(jenkins, node, ""), containsString("is for another host: mender.example.com."));
                wrong.setSkipCertificateCheck(true);
                String unchecked = fail(jenkins, node, "");
                assertThat(
                        unchecked, containsString("WARNING: the certificate of " + misnamed.url() + " is not checked"));
                assertThat(unchecked, containsString("belongs to another server or region"));
            }
        }
    }

    @Test
    void certificatesThatCannotBeReadAreNamed(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        Administration.configure(Administration.server("production", server.url(), "mender-pat", "no PEM"));
        assertThat(fail(jenkins, rule.jenkins, ""), containsString("There is no certificate: paste everything from"));
        jenkins.storeToken("kept-pem", AUTHORITY.pem());
        ConfiguredServer kept = Administration.server("production", server.url(), "mender-pat", null);
        kept.setCertificatesCredentialsId("kept-pem");
        Administration.configure(kept);
        succeed(jenkins, rule.jenkins, "");
    }

    private static List<Node> nodes(JenkinsRule rule) throws Exception {
        Node agent = MenderJenkins.inboundAgent(AGENTS, rule);
        return List.of(rule.jenkins, agent);
    }

    private ConfiguredServer production() {
        return Administration.server("production", server.url(), "mender-pat", AUTHORITY.pem());
    }

    private String succeed(MenderJenkins jenkins, Node node, String parameters) throws Exception {
        String log = build(jenkins, node, parameters, Result.SUCCESS);
        assertThat(server.artifacts(), hasSize(1));
        server.clear();
        return log;
    }

    private static String fail(MenderJenkins jenkins, Node node, String parameters) throws Exception {
        String log = build(jenkins, node, parameters, Result.FAILURE);
        assertThat(log, containsString("Nothing was uploaded."));
        return log;
    }

    private static String build(MenderJenkins jenkins, Node node, String parameters, Result result) throws Exception {
        String call = "menderUpload(artifact: 'build/*.mender'" + (parameters.isEmpty() ? "" : ", ") + parameters + ")";
        WorkflowJob job = jenkins.pipeline(node.getSelfLabel().getName(), call);
        MenderJenkins.place(node, job, "rootfs-gzip.mender");
        return jenkins.log(jenkins.build(job, result));
    }
}
