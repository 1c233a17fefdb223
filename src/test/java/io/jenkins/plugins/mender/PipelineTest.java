package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.hudson.plugins.folder.properties.FolderCredentialsProvider.FolderCredentialsProperty;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainCredentials;
import com.cloudbees.plugins.credentials.domains.HostnameSpecification;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The step and the build step as their users write them. */
@WithJenkins
class PipelineTest {
    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @Test
    void theResultsCanBeReadInTheSandbox(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        WorkflowJob job = jenkins.pipeline("built-in", "def all = " + jenkins.call("build/*.mender") + """

                for (r in all) {
                    echo "id=${r.id} name=${r.name} url=${r.url} file=${r.fileName} size=${r.size} sha=${r.sha256}"
                    echo "for=${r.deviceTypes} outcome=${r.outcome} status=${r.httpStatus} attempts=${r.attempts}"
                    echo "request=${r.requestId.length()} took=${r.durationMillis >= 0} all=${all.size()} ${r}"
                }
                """);
        MenderJenkins.place(rule.jenkins, job, "module-two-devices.mender");
        MenderJenkins.place(rule.jenkins, job, "rootfs-none.mender");
        String log = jenkins.log(jenkins.build(job, Result.SUCCESS));
        String id = server.artifacts().get(0).id();
        assertThat(
                log,
                containsString("id=" + id + " name=app-2.0 url=" + server.url()
                        + "/ui/releases/app-2.0 file=build/module-two-devices.mender size=25088 sha="));
        assertThat(log, containsString("for=[raspberrypi4, beaglebone] outcome=UPLOADED status=201 attempts=1"));
        assertThat(log, containsString("request=36 took=true all=2 app-2.0 (" + id + ")"));
        assertThat(log, containsString("name=release-none"));
    }

    @Test
    void declarativeDirAndWithEnvAndVariables(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        WorkflowJob job = jenkins.script("""
                pipeline {
                  agent { label 'built-in' }
                  environment { MENDER = '%s' }
                  stages {
                    stage('Upload') {
                      steps {
                        dir('build') {
                          withEnv(['KIND=rootfs']) {
                            menderUpload artifact: "${KIND}-*.mender, *.none", serverUrl: "${MENDER}/",
                                credentialsId: 'mender-pat', description: "by ${BUILD_TAG}"
                          }
                        }
                      }
                    }
                  }
                }
                """.formatted(server.url()));
        MenderJenkins.place(rule.jenkins, job, "rootfs-gzip.mender");
        MenderJenkins.place(rule.jenkins, job, "depends.mender");
        jenkins.build(job, Result.SUCCESS);
        assertThat(server.artifacts(), hasSize(1));
        assertThat(server.artifacts().get(0).description(), is("by jenkins-" + job.getName() + "-1"));
    }

    @Test
    void aFreestyleJobExpandsItsVariables(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        MenderUploadBuilder builder = jenkins.builder("build/*.mender");
        builder.setDescription("${JOB_NAME} #${BUILD_NUMBER}");
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, builder);
        MenderJenkins.place(rule.jenkins, job, "rootfs-gzip.mender");
        jenkins.build(job, Result.SUCCESS);
        assertThat(server.artifacts().get(0).description(), is(job.getName() + " #1"));
    }

    @Test
    void aUserNameAndPasswordLogIn(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        jenkins.storeLogin(MenderJenkins.LOGIN, server.user(), server.password());
        FreeStyleProject job = jenkins.freestyle(
                rule.jenkins, MenderJenkins.builder("build/*.mender", server.url(), MenderJenkins.LOGIN));
        MenderJenkins.place(rule.jenkins, job, "rootfs-gzip.mender");
        jenkins.build(job, Result.SUCCESS);
        assertThat(server.artifacts(), hasSize(1));
    }

    @Test
    void twoFilesThatCannotBothBeOnAServerAreNotSent(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        WorkflowJob job = jenkins.pipeline("built-in", jenkins.call("build/*.mender"));
        MenderJenkins.place(rule.jenkins, job, "rootfs-gzip.mender");
        MenderJenkins.place(rule.jenkins, job, "signed.mender");
        String log = jenkins.log(jenkins.build(job, Result.FAILURE));
        assertThat(log, containsString("ERROR: build/rootfs-gzip.mender and build/signed.mender are both release-1"));
        assertThat(server.exchanges(), hasSize(0));
    }

    @Test
    void policyThoroughnessAndDryRunAreParametersOfBoth(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        String all = jenkins.call("build/*.mender").replace(")", ", ifExists: 'reuse', verify: 'full', dryRun: true)");
        WorkflowJob pipeline = jenkins.pipeline("built-in", "echo " + all + "[0].outcome");
        MenderJenkins.place(rule.jenkins, pipeline, "rootfs-gzip.mender");
        assertThat(jenkins.log(jenkins.build(pipeline, Result.SUCCESS)), containsString("PLANNED"));
        assertThat(server.artifacts(), hasSize(0));

        MenderUploadBuilder builder = jenkins.builder("build/*.mender");
        builder.setIfExists("reuse");
        FreeStyleProject freestyle = jenkins.freestyle(rule.jenkins, builder);
        MenderJenkins.place(rule.jenkins, freestyle, "rootfs-gzip.mender");
        jenkins.build(freestyle, Result.SUCCESS);
        String log = jenkins.log(jenkins.build(freestyle, Result.SUCCESS));
        assertThat(log, containsString("The server holds the same Artifact already"));
        assertThat(server.uploads(), hasSize(1));
    }

    @Test
    void credentialsOfTheJobsFolderAreFoundTrackedAndOthersAreNot(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        Folder mine = rule.createProject(Folder.class, "mine");
        FolderCredentialsProperty property = new FolderCredentialsProperty(new DomainCredentials[0]);
        mine.addProperty(property);
        StringCredentialsImpl token =
                new StringCredentialsImpl(CredentialsScope.GLOBAL, "folder-pat", "", Secret.fromString(server.token()));
        CredentialsStore store = property.getStore();
        store.addCredentials(Domain.global(), token);
        String script =
                "node('built-in') {\n" + jenkins.call("build/*.mender").replace("mender-pat", "folder-pat") + "\n}";

        WorkflowJob inside = mine.createProject(WorkflowJob.class, "inside");
        inside.setDefinition(new CpsFlowDefinition(script, true));
        MenderJenkins.place(rule.jenkins, inside, "rootfs-gzip.mender");
        WorkflowRun run = jenkins.build(inside, Result.SUCCESS);
        assertThat(CredentialsProvider.getFingerprintOf(token).getJobs(), is(List.of(inside.getFullName())));
        assertThat(run.getNumber(), is(1));

        WorkflowJob outside = jenkins.script(script);
        MenderJenkins.place(rule.jenkins, outside, "rootfs-gzip.mender");
        assertThat(
                jenkins.log(jenkins.build(outside, Result.FAILURE)),
                containsString("There are no credentials 'folder-pat' that this job may use"));
    }

    @Test
    void credentialsOfADomainGoToItsHostsOnly(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        SystemCredentialsProvider.getInstance()
                .getDomainCredentialsMap()
                .put(
                        new Domain("hosted", null, List.of(new HostnameSpecification("hosted.mender.io", null))),
                        List.of(new StringCredentialsImpl(
                                CredentialsScope.GLOBAL, "hosted-pat", "", Secret.fromString("hosted-secret"))));
        FreeStyleProject job =
                jenkins.freestyle(rule.jenkins, MenderJenkins.builder("build/*.mender", server.url(), "hosted-pat"));
        MenderJenkins.place(rule.jenkins, job, "rootfs-gzip.mender");
        assertThat(
                jenkins.log(jenkins.build(job, Result.FAILURE)),
                containsString(
                        "The credentials 'hosted-pat' belong to a domain that does not include " + server.url()));
        assertThat(server.exchanges(), hasSize(0));
    }

    @Test
    void aCallOutsideANodeSaysWhatIsMissing(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        String log = jenkins.log(jenkins.build(jenkins.script(jenkins.call("*.mender")), Result.FAILURE));
        assertThat(
                log,
                containsString(
                        "Perhaps you forgot to surround the menderUpload step with a step that provides this, such as: node"));
        assertThat(log, not(containsString("HTTP 201")));
    }
}
