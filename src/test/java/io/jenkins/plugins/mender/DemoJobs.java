package io.jenkins.plugins.mender;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.Functions;
import hudson.model.FreeStyleProject;
import hudson.tasks.BatchFile;
import hudson.tasks.Shell;
import hudson.util.Secret;
import java.io.IOException;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jvnet.hudson.test.JenkinsRule;

/** What {@link DemoJenkins} holds. Runs in its Jenkins. */
final class DemoJobs {
    private DemoJobs() {}

    /**
     * Creates credential and jobs.
     *
     * @param rule the Jenkins
     * @param serverUrl the simulated server
     * @param token a token of it
     * @param makeArtifact the command that makes an Artifact
     */
    static void create(JenkinsRule rule, String serverUrl, String token, String makeArtifact) throws Exception {
        MenderJenkins.showWhatUsersSee();
        MenderJenkins.store(new StringCredentialsImpl(
                CredentialsScope.GLOBAL,
                MenderJenkins.TOKEN,
                "Token of the simulated Mender Server",
                Secret.fromString(token)));
        rule.jenkins.setSystemMessage("Both jobs make a Mender Artifact and upload it to a simulated Mender Server.");
        pipeline(rule, serverUrl, makeArtifact);
        freestyle(rule, serverUrl, makeArtifact);
    }

    private static void pipeline(JenkinsRule rule, String serverUrl, String makeArtifact) throws Exception {
        WorkflowJob job = rule.createProject(WorkflowJob.class, "gateway-pipeline");
        job.setDefinition(new CpsFlowDefinition(
                """
                pipeline {
                    agent any
                    stages {
                        stage('Build') {
                            steps {
                                %s '%s'
                            }
                        }
                        stage('Upload') {
                            steps {
                                menderUpload artifact: 'build/*.mender',
                                    serverUrl: '%s',
                                    credentialsId: '%s',
                                    description: "Built by ${env.BUILD_TAG}"
                            }
                        }
                    }
                }
                """.formatted(
                                Functions.isWindows() ? "bat" : "sh",
                                command(makeArtifact, "gateway", "raspberrypi4 raspberrypi5")
                                        .replace("\\", "\\\\"),
                                serverUrl,
                                MenderJenkins.TOKEN),
                true));
        job.save();
    }

    private static void freestyle(JenkinsRule rule, String serverUrl, String makeArtifact) throws IOException {
        FreeStyleProject job = rule.createFreeStyleProject("sensor-freestyle");
        String command = command(makeArtifact, "sensor", "beaglebone");
        job.getBuildersList().add(Functions.isWindows() ? new BatchFile(command) : new Shell(command));
        MenderUploadBuilder builder = MenderJenkins.builder("build/*.mender", serverUrl, MenderJenkins.TOKEN);
        builder.setDescription("Built by ${BUILD_TAG}");
        job.getBuildersList().add(builder);
        job.save();
    }

    /** Each build makes another Artifact, so that none is in another's way on the server. */
    private static String command(String makeArtifact, String name, String deviceTypes) {
        String number = Functions.isWindows() ? "%BUILD_NUMBER%" : "$BUILD_NUMBER";
        return "\"%s\" %s-%s build/%s.mender %s".formatted(makeArtifact, name, number, name, deviceTypes);
    }
}
