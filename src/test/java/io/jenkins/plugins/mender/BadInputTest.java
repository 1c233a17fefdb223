package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.FilePath;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.io.File;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What a user can get wrong: one clear line, a failed build, and no request to any server. */
@WithJenkins
class BadInputTest {
    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @Test
    void parametersAreJudgedBeforeAnythingIsSent(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        String pat = MenderJenkins.TOKEN;
        String url = server.url();
        storeFile("mender-file");

        assertRefused(jenkins, "", url, pat, "'Artifact' is empty");
        assertRefused(jenkins, "${NOT_THERE}", url, pat, "No file in ");
        assertRefused(jenkins, "build/*.mender", "", pat, "No server is given, and none is configured");
        assertRefused(jenkins, "build/*.mender", "eu.hosted.mender.io", pat, "'eu.hosted.mender.io' is no URL");
        assertRefused(jenkins, "build/*.mender", "ftp://x.y", pat, "neither http:// nor https://");
        assertRefused(jenkins, "build/*.mender", "https://u:p@x.y", pat, "no place for a user name");
        assertRefused(jenkins, "build/*.mender", url, "", "'Credentials' is empty");
        assertRefused(jenkins, "build/*.mender", url, "no-such", "There are no credentials 'no-such'");
        assertRefused(jenkins, "build/*.mender", url, "mender-file", "are of the kind 'Secret file'");
        assertRefused(
                jenkins, "biuld/*.mender", url, pat, "matches 'biuld/*.mender'. Nearest: build/rootfs-gzip.mender.");
        assertRefused(jenkins, "build", url, pat, "'build' is a directory");
        assertRefused(jenkins, "*.zip", url, pat, "No file in ");
        assertThat(server.exchanges(), is(empty()));
    }

    @Test
    void aBrokenFileIsFoundOnTheAgentAndToldInWords(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        MenderUploadBuilder builder = jenkins.builder("build/*.mender");
        builder.setVerify("full");
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, builder);
        MenderJenkins.place(rule.jenkins, job, "broken-payload-byte.mender");
        String log = jenkins.log(jenkins.build(job, Result.FAILURE));
        assertThat(log, containsString("ERROR: build/broken-payload-byte.mender is a damaged Artifact"));
        assertThat(log, not(containsString("\tat ")));
        assertThat(server.exchanges(), is(empty()));
    }

    @Test
    void unknownValuesAreRefusedWithTheKnownOnes(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        String call = jenkins.call("build/*.mender");
        for (String wrong : List.of("ifExists: 'skip'", "verify: 'much'")) {
            WorkflowJob job = jenkins.pipeline("built-in", call.replace(")", ", " + wrong + ")"));
            MenderJenkins.place(rule.jenkins, job, "rootfs-gzip.mender");
            String log = jenkins.log(jenkins.build(job, Result.FAILURE));
            assertThat(log, containsString("' is no value of '" + wrong.substring(0, wrong.indexOf(':'))));
        }
        assertThat(server.exchanges(), is(empty()));
    }

    @Test
    void aWorkspaceWithoutAnyArtifactSaysSo(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, jenkins.builder("build/*.mender"));
        MenderJenkins.workspace(rule.jenkins, job).child("build/image.ext4").write("", "UTF-8");
        assertThat(jenkins.log(jenkins.build(job, Result.FAILURE)), containsString("there is no .mender file at all"));
    }

    @Test
    void aFileThatTheAgentsUserMayNotReadIsNamed(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, jenkins.builder("build/*.mender"));
        FilePath file = MenderJenkins.place(rule.jenkins, job, "rootfs-gzip.mender");
        file.chmod(0);
        assumeFalse(new File(file.getRemote()).canRead(), "an administrator may read every file");
        String log = jenkins.log(jenkins.build(job, Result.FAILURE));
        assertThat(
                log,
                containsString("ERROR: The agent's user may not read build/rootfs-gzip.mender. Nothing was uploaded."));
        assertThat(server.exchanges(), is(empty()));
    }

    @Test
    void aPipelineFailsWithTheSameLine(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        WorkflowJob job = jenkins.pipeline("built-in", jenkins.call("build/*.mender"));
        String log = jenkins.log(jenkins.build(job, Result.FAILURE));
        assertThat(log, containsString("ERROR: No file in "));
        assertThat(log, not(containsString("\tat ")));
        assertThat(server.exchanges(), is(empty()));
    }

    @Test
    void plainHttpToAnotherHostIsWarnedOf(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        FreeStyleProject job = jenkins.freestyle(
                rule.jenkins,
                MenderJenkins.builder("build/*.mender", "http://no-such-host.invalid", MenderJenkins.TOKEN));
        MenderJenkins.place(rule.jenkins, job, "rootfs-gzip.mender");
        String log = jenkins.log(jenkins.build(job, Result.FAILURE));
        assertThat(log, containsString("[Mender] WARNING: http://no-such-host.invalid is reached over plain http"));
        assertThat(log, containsString("ERROR: http://no-such-host.invalid cannot be found"));
    }

    private static void assertRefused(
            MenderJenkins jenkins, String artifact, String url, String credentialsId, String message) throws Exception {
        FreeStyleProject job =
                jenkins.freestyle(jenkins.rule.jenkins, MenderJenkins.builder(artifact, url, credentialsId));
        MenderJenkins.place(jenkins.rule.jenkins, job, "rootfs-gzip.mender");
        String log = jenkins.log(jenkins.build(job, Result.FAILURE));
        String error = Stream.of(log.split("\n"))
                .filter(line -> line.startsWith("ERROR: "))
                .findFirst()
                .orElse(log);
        assertThat(error, containsString(message));
        assertThat(error, containsString("Nothing was uploaded."));
        assertThat(log, not(containsString("\tat ")));
    }

    private static void storeFile(String id) throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new FileCredentialsImpl(
                        CredentialsScope.GLOBAL, id, "", "token.txt", SecretBytes.fromBytes(new byte[] {1})));
        SystemCredentialsProvider.getInstance().save();
    }
}
