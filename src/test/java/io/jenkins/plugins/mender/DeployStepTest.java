package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.Rollouts;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.Pacing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** What a Pipeline gets of {@code menderDeploy}: with devices that answer, devices that fail, aborts and restarts. */
class DeployStepTest {
    private static final String CREATE = "POST /api/management/v1/deployments/deployments/group/canary";
    private static final String RELEASE = "release-1";

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    private SimulatedMenderServer server;
    private Rollouts fleet;
    private List<String> devices;
    private MenderJenkins jenkins;

    @BeforeEach
    void start() {
        server = SimulatedMenderServer.start(Flavour.MENDER_4_1);
        fleet = server.rollouts();
        devices = fleet.accept(4, "qemux86-64", "canary");
        MenderDeployStep.Execution.setPacing(Pacing.real(), 150);
    }

    @AfterEach
    void stop() {
        MenderDeployStep.Execution.setPacing(Pacing.real(), 1);
        server.close();
    }

    @Test
    void isGreenWhenTheDevicesHaveIt() throws Throwable {
        sessions.then(rule -> {
            WorkflowJob job =
                    prepare(rule, """
                    def uploaded = node { %s }
                    def d = %s
                    echo "GOT ${d.name} ${d.succeeded} ${d.counts.success} ${d.total} ${d.failedDevices.size()} ${d.id} ${d.url}"
                    """.formatted(jenkins(rule).call("build/*.mender"), deploy("group: 'canary'")));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            report("success", devices);
            String log = end(rule, run, Result.SUCCESS);
            String id = fleet.deployments().get(0);
            assertThat(log, containsString("Deploying release-1 to 4 devices: group canary of "));
            assertThat(log, containsString("[Mender] 4 of 4 devices have it"));
            assertThat(
                    log, containsString("GOT " + run.getFullDisplayName() + " true 4 4 0 " + id + " " + server.url()));
            assertThat(fleet.aborts(), hasSize(0));
            String page = MenderJenkins.read(rule, "en", run.getUrl());
            assertThat(page, containsString("aria-label=\"4 have it\""));
            assertThat(page, containsString(id));
            String api = rule.createWebClient()
                    .goTo(run.getUrl() + "api/json?tree=actions[deployments[*]]", "application/json")
                    .getWebResponse()
                    .getContentAsString();
            assertThat(api, containsString("\"counts\":{"));
            assertThat(api, containsString("\"succeeded\":true"));
        });
    }

    @Test
    void theFirstFailureAbortsAndIsExplained() throws Throwable {
        sessions.then(rule -> {
            WorkflowJob job = prepare(rule, deploy("group: 'canary', artifact: 'release-1'"));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            String id = deployment();
            fleet.log(id, devices.get(1), "2026 info: begin\n2026 error: no space left\n");
            report("failure", devices.subList(1, 2));
            String log = end(rule, run, Result.FAILURE);
            assertThat(log, containsString("  " + devices.get(1) + " (mac=02:"));
            assertThat(log, containsString("    2026 error: no space left"));
            assertThat(
                    log,
                    containsString(
                            "ERROR: Deployment " + run.getFullDisplayName() + " failed: 0 of 4 devices have it"));
            assertThat(log, containsString("Devices that had not begun do not get it"));
            assertThat(log, not(containsString("\tat io.jenkins")));
            assertThat(fleet.aborts(), is(List.of(id)));
            String token =
                    server.exchanges().get(0).headers().get("authorization").substring("Bearer ".length());
            try (Stream<Path> files = Files.walk(run.getRootDir().toPath())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(
                            file.toString(),
                            Files.readString(file, StandardCharsets.ISO_8859_1),
                            not(containsString(token)));
                }
            }
        });
    }

    @Test
    void isUnstableWhereThatIsAskedFor() throws Throwable {
        sessions.then(rule -> {
            WorkflowJob job = prepare(
                    rule,
                    "def d = "
                            + deploy(
                                    "group: 'canary', artifact: 'release-1', unstableOnFailure: true, onFailure: 'leave'")
                            + "\necho \"GOT ${d.verdict} ${d.failedDevices[0].state}\"");
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            deployment();
            report("noartifact", devices.subList(0, 1));
            assertThat(end(rule, run, Result.UNSTABLE), containsString("GOT FAILURE noartifact"));
            assertThat(fleet.aborts(), hasSize(0));
        });
    }

    @Test
    void anAbortedBuildAbortsWhatItCreatedWithinASecond() throws Throwable {
        sessions.then(rule -> {
            WorkflowJob job = prepare(rule, deploy("group: 'canary', artifact: 'release-1'"));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            rule.waitForMessage("0 of 4 devices have it", run);
            long begin = System.nanoTime();
            run.doStop();
            String log = end(rule, run, Result.ABORTED);
            assertThat((System.nanoTime() - begin) / 1_000_000, is(lessThan(3_000L)));
            Await.until("the deployment is aborted", () -> fleet.aborts().size() == 1);
            assertThat(log, containsString("those in the middle go back to what they had"));
        });
    }

    @Test
    void anAbortLeavesADeploymentOfSomebodyElse() throws Throwable {
        sessions.then(rule -> {
            prepare(rule, "echo ''");
            String id = fleet.create("by hand", RELEASE, "canary");
            WorkflowJob job = jenkins(rule).script(deploy("deployment: '" + id + "'"));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            rule.waitForMessage("0 of 4 devices have it", run);
            run.doStop();
            String log = end(rule, run, Result.ABORTED);
            assertThat(log, containsString("Deployment " + id + " goes on, since this step did not create it."));
            assertThat(fleet.aborts(), hasSize(0));
        });
    }

    @Test
    void aSecondBuildStepTakesTheRunningDeployment() throws Throwable {
        sessions.then(rule -> {
            String call = deploy("group: 'canary', artifact: 'release-1', name: 'nightly', wait: false");
            WorkflowJob job = prepare(rule, call + "\n" + call);
            String log = end(rule, job.scheduleBuild2(0).waitForStart(), Result.SUCCESS);
            assertThat(log, containsString("A deployment of this name, Artifact and target is there already"));
            assertThat(fleet.deployments(), hasSize(1));
        });
    }

    @Test
    void aRestartWhileDevicesInstallGoesOn() throws Throwable {
        sessions.then(rule -> {
            WorkflowJob job = prepare(rule, deploy("group: 'canary', artifact: 'release-1'"));
            rule.waitForMessage("0 of 4 devices have it", job.scheduleBuild2(0).waitForStart());
        });
        sessions.then(rule -> {
            report("already-installed", devices);
            WorkflowRun run = ((WorkflowJob) rule.jenkins.getItem("pipeline-1")).getBuildByNumber(1);
            end(rule, run, Result.SUCCESS);
            assertThat(fleet.deployments(), hasSize(1));
        });
    }

    @Test
    void aRestartWhileTheDeploymentIsCreatedMakesNoSecondOne() throws Throwable {
        CountDownLatch answer = new CountDownLatch(1);
        sessions.then(rule -> {
            WorkflowJob job = prepare(rule, deploy("group: 'canary', artifact: 'release-1', name: 'once'"));
            server.answer(CREATE, () -> {
                fleet.create("once", RELEASE, "canary");
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return Reply.empty(502);
            });
            job.scheduleBuild2(0).waitForStart();
            deployment();
        });
        server.recover();
        answer.countDown();
        sessions.then(rule -> {
            report("success", devices);
            WorkflowRun run = ((WorkflowJob) rule.jenkins.getItem("pipeline-1")).getBuildByNumber(1);
            String log = end(rule, run, Result.SUCCESS);
            assertThat(log, containsString("It is there: " + fleet.deployments().get(0)));
            assertThat(fleet.deployments(), hasSize(1));
        });
    }

    @Test
    void saysWhatIsWrong() throws Throwable {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("artifact: 'release-1'", "Give exactly one of");
        wrong.put("group: 'canary', allDevices: true, artifact: 'release-1'", "Give exactly one of");
        wrong.put("group: 'canary'", "this build has to have uploaded exactly one");
        wrong.put("group: 'canary', artifact: 'release-1', minSuccess: 'most'", "is no value of 'minSuccess'");
        wrong.put(
                "group: 'canary', artifact: 'release-1', minSuccess: '5'",
                "There are 4 devices, and minSuccess asks for 5.");
        wrong.put("group: 'canary', artifact: 'release-1', maxFailures: -1", "is -1: give how many");
        wrong.put("group: 'canary', artifact: 'release-1', timeout: 0", "is 0: give a number of minutes");
        wrong.put("group: 'canary', artifact: 'release-1', onFailure: 'stop'", "is no value of 'onFailure'");
        wrong.put("group: 'canary', artifact: 'release-1', onTimeout: 'stop'", "is no value of 'onTimeout'");
        wrong.put("group: 'canary', artifact: 'release-9'", "There is no Artifact release-9 on");
        wrong.put("group: 'nobody', artifact: 'release-1'", "There is no device to deploy to: group nobody");
        wrong.put("group: 'a/b', artifact: 'release-1'", "has a slash in its name");
        wrong.put("devices: ['not-a-uuid'], artifact: 'release-1'", "There are no accepted devices not-a-uuid on");
        wrong.put("deployment: '00000000-0000-4000-8000-000000000009'", "There is no deployment 00000000");
        sessions.then(rule -> {
            WorkflowJob job = prepare(rule, "echo ''");
            for (Map.Entry<String, String> one : wrong.entrySet()) {
                job.setDefinition(new CpsFlowDefinition(deploy(one.getKey()), true));
                String log = end(rule, job.scheduleBuild2(0).waitForStart(), Result.FAILURE);
                assertThat(log, containsString(one.getValue()));
                assertThat(log, not(containsString("\tat io.jenkins")));
            }
            assertThat(fleet.deployments(), hasSize(0));
        });
    }

    @Test
    void whatADryRunPlannedIsNotDeployed() throws Throwable {
        String upload = "menderUpload(artifact: 'build/*.mender', dryRun: true, serverUrl: '" + server.url()
                + "', credentialsId: '" + MenderJenkins.TOKEN + "'); ";
        sessions.then(rule -> {
            WorkflowJob job = prepare(rule, "node { " + upload + "}; " + deploy("group: 'canary'"));
            String log = end(rule, job.scheduleBuild2(0).waitForStart(), Result.FAILURE);
            assertThat(log, containsString("this build has to have uploaded exactly one"));
            assertThat(fleet.deployments(), hasSize(0));
        });
    }

    private MenderJenkins jenkins(JenkinsRule rule) throws Exception {
        if (jenkins == null) {
            jenkins = MenderJenkins.withToken(rule, server);
        }
        return jenkins;
    }

    /** Uploads the Release, and {@return a Pipeline} */
    private WorkflowJob prepare(JenkinsRule rule, String script) throws Exception {
        boolean uploads = script.contains("menderUpload");
        WorkflowJob job = jenkins(rule).script(script);
        jenkins.place(
                uploads ? job : rule.createFreeStyleProject("first"),
                new ArtifactBuilder(RELEASE, "qemux86-64"),
                "r.mender");
        if (!uploads) {
            FreeStyleProject first = (FreeStyleProject) rule.jenkins.getItem("first");
            first.getBuildersList().add(jenkins.builder("build/*.mender"));
            rule.buildAndAssertSuccess(first);
        }
        return job;
    }

    private String deploy(String parameters) {
        return "menderDeploy(" + parameters + ", serverUrl: '" + server.url() + "', credentialsId: '"
                + MenderJenkins.TOKEN + "')";
    }

    private String deployment() throws Exception {
        Await.until("there is a deployment", () -> !fleet.deployments().isEmpty());
        return fleet.deployments().get(0);
    }

    private void report(String state, List<String> some) throws Exception {
        String id = deployment();
        some.forEach(device -> fleet.report(id, device, state));
    }

    private static String end(JenkinsRule rule, WorkflowRun run, Result expected) throws Exception {
        rule.assertBuildStatus(expected, rule.waitForCompletion(run));
        return JenkinsRule.getLog(run);
    }
}
