package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import hudson.model.FreeStyleProject;
import hudson.model.Run;
import io.jenkins.plugins.mender.config.ConfiguredServer;
import io.jenkins.plugins.mender.config.MenderConfiguration;
import io.jenkins.plugins.mender.config.ProxyRoute;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.jvnet.hudson.test.recipes.LocalData;

/** What earlier states of the plugin saved: jobs, builds with their Artifacts, servers. The files are as they wrote them. */
@WithJenkins
class SavedBeforeTest {
    @Test
    @LocalData
    void aJobKeepsItsParameters(JenkinsRule rule) {
        MenderUploadBuilder builder = rule.jenkins
                .getItemByFullName("freestyle", FreeStyleProject.class)
                .getBuildersList()
                .get(MenderUploadBuilder.class);
        assertThat(builder.getArtifact(), is("build/*.mender"));
        assertThat(builder.getServer(), is("production"));
        assertThat(builder.getServerUrl(), is(nullValue()));
        assertThat(builder.getCredentialsId(), is("mender-pat"));
        assertThat(builder.getDescription(), is("Built by ${BUILD_TAG}"));
        assertThat(builder.getIfExists(), is("reuse"));
        assertThat(builder.getVerify(), is("full"));
        assertThat(builder.getMaxAttempts(), is(7));
        assertThat(builder.getStallTimeout(), is(90));
        assertThat(builder.isDryRun(), is(false));
    }

    @Test
    @LocalData
    void buildsShowTheirArtifacts(JenkinsRule rule) throws Exception {
        FreeStyleProject freestyle = rule.jenkins.getItemByFullName("freestyle", FreeStyleProject.class);
        WorkflowJob pipeline = rule.jenkins.getItemByFullName("pipeline", WorkflowJob.class);
        assertThat(outcomes(freestyle.getBuildByNumber(1)), contains("UPLOADED", "UPLOADED"));
        assertThat(outcomes(freestyle.getBuildByNumber(2)), contains("REUSED", "REUSED"));
        assertThat(outcomes(pipeline.getBuildByNumber(1)), contains("PLANNED"));

        UploadedArtifact first = freestyle
                .getBuildByNumber(1)
                .getAction(MenderUploadsAction.class)
                .getArtifacts()
                .get(0);
        assertThat(first.getFingerprint(), is("f500f1ded93ba586469dd991eeaa7463"));
        assertThat(first.getDetails().getProvides().get("artifact_name"), is("app-2.0"));
        assertThat(first.getDetails().getFiles(), hasSize(2));
        String page = rule.createWebClient()
                .goTo(freestyle.getBuildByNumber(1).getUrl() + "mender/")
                .asNormalizedText();
        assertThat(
                page,
                allOf(
                        containsString("app-2.0"),
                        containsString("release-none"),
                        containsString("raspberrypi4, beaglebone"),
                        containsString("config.yaml"),
                        containsString("a211a11b3c72c7b449eeffa9decc0753f43387ff27268ee16c9c731cef7c55e5")));
    }

    /** Builds from before the group was known. */
    @Test
    void aDeploymentWithoutAGroupIsShown(JenkinsRule rule) throws Exception {
        String saved = Jenkins.XSTREAM2.toXML(Jenkins.XSTREAM2.fromXML("""
                <io.jenkins.plugins.mender.MenderDeployResult>
                  <id>i</id><name>n</name><artifact>app-2.0</artifact><url>https://mender.example.com</url>
                  <verdict>SUCCESS</verdict><total>3</total>
                </io.jenkins.plugins.mender.MenderDeployResult>
                """));
        MenderDeployResult result = (MenderDeployResult) Jenkins.XSTREAM2.fromXML(saved);
        assertThat(result.getGroup(), is(""));
        assertThat(result.getFacts(), containsString("app-2.0"));
    }

    private static List<String> outcomes(Run<?, ?> build) {
        return build.getAction(MenderUploadsAction.class).getResults().stream()
                .map(MenderUploadResult::getOutcome)
                .toList();
    }

    @Test
    @LocalData
    void serversKeepWhatWasConfigured(JenkinsRule rule) {
        MenderConfiguration configuration = MenderConfiguration.get();
        assertThat(configuration.getDefaultServer(), is("production"));
        assertThat(configuration.isOnlyConfiguredServers(), is(true));
        ConfiguredServer production = configuration.getServers().get(0);
        assertThat(production.getUrl(), is("https://mender.example.com"));
        assertThat(production.getCredentialsId(), is("mender-pat"));
        assertThat(production.getProxy(), is(ProxyRoute.NONE));
        ConfiguredServer lab = configuration.getServers().get(1);
        assertThat(lab.getCertificatesCredentialsId(), is("lab-authority"));
        assertThat(lab.getProxy(), is(ProxyRoute.JENKINS));
        assertThat(lab.isSkipCertificateCheck(), is(true));
    }
}
