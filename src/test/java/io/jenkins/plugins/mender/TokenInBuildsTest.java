package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.Rollouts;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.Pacing;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A build whose token is about to expire is warned; one whose token is renewed and then revoked in the middle goes on. */
@WithJenkins
class TokenInBuildsTest {
    private static final String ANOTHER = "They hold another one by now";

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private String token;
    private MenderJenkins jenkins;

    @AfterEach
    void goSlowly() {
        MenderDeployStep.Execution.setPacing(Pacing.real(), 1);
    }

    private void prepare(JenkinsRule rule, Duration life) throws Exception {
        token = server.personalToken("ci", Instant.now().plus(life));
        jenkins = new MenderJenkins(rule, server);
        jenkins.storeToken(MenderJenkins.TOKEN, token);
        Administration.configure(Administration.server("production", server.url(), MenderJenkins.TOKEN, null));
    }

    private FreeStyleProject upload(JenkinsRule rule) throws Exception {
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, jenkins.builder("build/*.mender"));
        jenkins.place(job, new ArtifactBuilder("release-1", "qemux86-64"), "r.mender");
        return job;
    }

    /** Renews the token as an administrator does, and revokes the old one as Jenkins does when the time of grace is over. */
    private void renewAndRevoke(JenkinsRule rule) {
        try {
            rule.submit(rule.createWebClient()
                    .goTo("manage/mender-tokens/")
                    .getFormByName("renew-" + Token.of(token).id()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        server.revoke(token);
    }

    @Test
    void anUploadGoesOnWithTheNewToken(JenkinsRule rule) throws Exception {
        prepare(rule, Duration.ofDays(100));
        FreeStyleProject job = upload(rule);
        server.answer(SimulatedMenderServer.UPLOAD, () -> {
            server.recover();
            renewAndRevoke(rule);
            return Reply.error(401, "unauthorized");
        });
        String log = jenkins.log(jenkins.build(job, Result.SUCCESS));
        assertThat(log, containsString(ANOTHER));
        assertThat(server.artifacts(), hasSize(1));
        assertThat(Token.isIn(log), is(false));
        assertThat(rule.createWebClient().goTo("manage/mender-tokens/").asNormalizedText(), containsString("replaced"));
    }

    @Test
    void anUploadWhoseTokenIsOnlyRevokedFails(JenkinsRule rule) throws Exception {
        prepare(rule, Duration.ofDays(100));
        FreeStyleProject job = upload(rule);
        server.answer(SimulatedMenderServer.UPLOAD, () -> {
            server.revoke(token);
            return Reply.error(401, "unauthorized");
        });
        String log = jenkins.log(jenkins.build(job, Result.FAILURE));
        assertThat(log, allOf(containsString("it was revoked"), not(containsString(ANOTHER))));
        assertThat(server.uploads(), hasSize(1));
    }

    @Test
    void aWaitForDevicesOutlivesTheTokenThatItBeganWith(JenkinsRule rule) throws Exception {
        prepare(rule, Duration.ofDays(100));
        MenderDeployStep.Execution.setPacing(Pacing.real(), 150);
        Rollouts fleet = server.rollouts();
        List<String> devices = fleet.accept(1, "qemux86-64", "canary");
        jenkins.build(upload(rule), Result.SUCCESS);
        WorkflowJob job = jenkins.script("menderDeploy(group: 'canary', artifact: 'release-1', server: 'production')");
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        rule.waitForMessage("0 of 1 devices have it", run);
        renewAndRevoke(rule);
        int asked = server.exchanges().size();
        Await.until(
                "it is refused",
                () -> server.exchanges().subList(asked, server.exchanges().size()).stream()
                        .anyMatch(exchange -> exchange.status() == 401));
        String id = fleet.deployments().get(0);
        fleet.report(id, devices.get(0), "success");
        rule.assertBuildStatusSuccess(rule.waitForCompletion(run));
        assertThat(fleet.deployments(), hasSize(1));
        assertThat(Token.isIn(JenkinsRule.getLog(run)), is(false));
        assertThat(
                server.exchanges().stream()
                        .filter(exchange -> exchange.status() == 401)
                        .count(),
                is(lessThan(3L)));
    }

    /** As if the last builds had taken that long. */
    private static void lasted(Run<?, ?> run, Duration duration) throws Exception {
        Field field = Run.class.getDeclaredField("duration");
        field.setAccessible(true);
        field.setLong(run, duration.toMillis());
    }

    @Test
    void aTokenThatEndsBeforeBuildsUsuallyDoIsAWarningBeforeTheFirstByte(JenkinsRule rule) throws Exception {
        prepare(rule, Duration.ofDays(20).plusHours(5));
        FreeStyleProject job = upload(rule);
        String warning = "WARNING: the token in credentials 'mender-pat' expires in 20 days";
        Run<?, ?> first = jenkins.build(job, Result.SUCCESS);
        assertThat(jenkins.log(first), not(containsString(warning)));
        lasted(first, Duration.ofDays(19));
        server.clear();
        assertThat(jenkins.log(jenkins.build(job, Result.SUCCESS)), not(containsString(warning)));
        lasted(first, Duration.ofDays(43));
        server.clear();
        lasted(job.getLastBuild(), Duration.ofDays(43));
        String log = jenkins.log(jenkins.build(job, Result.SUCCESS));
        assertThat(log, containsString(warning));
        assertThat(log, containsString("and this build may go on for another 1 mo 1"));
        assertThat(log.indexOf(warning), is(greaterThan(0)));
        assertThat(log.indexOf(warning), is(lessThan(log.indexOf("Uploading "))));
    }

    @Test
    void aTokenThatEndsWhileDevicesMayBeWaitedForIsAWarning(JenkinsRule rule) throws Exception {
        prepare(rule, Duration.ofMinutes(90));
        server.rollouts().accept(1, "qemux86-64", "canary");
        jenkins.build(upload(rule), Result.SUCCESS);
        String call = "menderDeploy(group: 'canary', artifact: 'release-1', server: 'production'";
        String warning = "[Mender] WARNING: the token in credentials 'mender-pat' expires in ";
        WorkflowJob job = jenkins.script(call + ", timeout: 60, wait: false)");
        assertThat(jenkins.log(jenkins.build(job, Result.SUCCESS)), not(containsString(warning)));
        WorkflowJob waiting = jenkins.script(call + ", timeout: 120)");
        WorkflowRun run = waiting.scheduleBuild2(0).waitForStart();
        rule.waitForMessage("0 of 1 devices have it", run);
        run.doStop();
        rule.waitForCompletion(run);
        assertThat(
                JenkinsRule.getLog(run).lines().toList(),
                hasItem(allOf(startsWith(warning), containsString("may go on for another 2 hr 0 min"))));
    }
}
