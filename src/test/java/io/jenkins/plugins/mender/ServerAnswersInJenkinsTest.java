package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Refusals;
import io.jenkins.plugins.mender.simulator.Refusals.Refusal;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** No answer but 201 with the new Artifact's id makes a green build, in either kind of job. */
@WithJenkins
class ServerAnswersInJenkinsTest {
    @Test
    void everyOtherAnswerFailsTheBuildInPlainWords(JenkinsRule rule) throws Exception {
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
            MenderUploadBuilder once = jenkins.builder("build/*.mender");
            once.setMaxAttempts(1);
            FreeStyleProject freestyle = jenkins.freestyle(rule.jenkins, once);
            MenderJenkins.place(rule.jenkins, freestyle, "rootfs-gzip.mender");
            WorkflowJob pipeline =
                    jenkins.pipeline("built-in", jenkins.call("build/*.mender', maxAttempts: 1, verify: 'structure"));
            MenderJenkins.place(rule.jenkins, pipeline, "rootfs-gzip.mender");
            for (Refusal refusal : Refusals.all()) {
                server.answer(SimulatedMenderServer.UPLOAD, refusal.reply());
                assertTold(refusal, jenkins.log(jenkins.build(freestyle, Result.FAILURE)));
                assertTold(refusal, jenkins.log(jenkins.build(pipeline, Result.FAILURE)));
            }
            assertThat(server.uploads(), hasSize(2 * Refusals.all().size()));
        }
    }

    private static void assertTold(Refusal refusal, String log) {
        assertThat(log, containsString("[Mender] HTTP " + refusal.reply().status()));
        assertThat(log, containsString(refusal.words()));
        assertThat(log, containsString("(request "));
        assertThat(log, containsString("ERROR: "));
        assertThat(log, containsString(refusal.gist()));
        assertThat(
                log,
                containsString(
                        refusal.perhapsStored() ? "did not hold it when it was asked" : "Nothing was uploaded."));
        assertThat(log, not(containsString("\tat ")));
        assertThat(log, not(containsString("HTTP 201 Created after")));
    }
}
