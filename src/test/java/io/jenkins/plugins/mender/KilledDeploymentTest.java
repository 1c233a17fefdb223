package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import hudson.model.Result;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** The process of Jenkins is killed while six builds are in six phases of their deployments: each has one deployment and the right end. */
class KilledDeploymentTest {
    private static final String RELEASE = "release-1";
    private static final String API = "/api/management";
    private static final String DEPLOYMENTS = API + "/v1/deployments/deployments/";

    @RegisterExtension
    private final RealJenkinsExtension jenkins = new RealJenkinsExtension();

    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_3_6);
    private final Map<String, List<String>> devices = new HashMap<>();
    private final AtomicInteger hanging = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void stop() {
        end.countDown();
        server.close();
    }

    @Test
    void everyPhaseOutlivesAKill() throws Throwable {
        jenkins.startJenkins();
        jenkins.runRemotely(KilledControllerTest::configure, server.token());
        Path workspace = Files.createDirectories(jenkins.getHome().toPath().resolve("workspace/release"));
        new ArtifactBuilder(RELEASE, "qemux86-64").write(workspace.resolve("release.mender"));
        build("release", "node { menderUpload artifact: 'release.mender', %s }");
        awaitEnd("release", Result.SUCCESS);

        hang("POST " + API + "/v2/inventory/filters/search", () -> {});
        deploy("before-the-order", 1);
        server.recover();
        hang("POST " + DEPLOYMENTS + "group/ordered", () -> {});
        hang("POST " + DEPLOYMENTS + "group/created", () -> server.rollouts().create("created", RELEASE, "created"));
        deploy("ordered", 2);
        deploy("created", 3);
        for (String waiting : List.of("waiting", "to-abort", "aborted")) {
            deploy(waiting, 3);
            Await.until(waiting, () -> log(waiting).contains("0 of 2 devices have it"));
        }
        hang("PUT " + DEPLOYMENTS + deployment("to-abort") + "/status", () -> {});
        hang(
                "PUT " + DEPLOYMENTS + deployment("aborted") + "/status",
                () -> server.rollouts().abort(deployment("aborted")));
        for (String bad : List.of("to-abort", "aborted")) {
            server.rollouts().report(deployment(bad), devices.get(bad).get(0), "failure");
        }
        Await.until("both aborts hang", () -> hanging.get() == 5);

        jenkins.stopJenkinsForcibly();
        server.recover();
        install("waiting");
        install("created");
        jenkins.startJenkins();

        for (String late : List.of("before-the-order", "ordered")) {
            Await.until("it is created", () -> deployment(late) != null);
            install(late);
        }
        for (String good : List.of("before-the-order", "ordered", "created", "waiting")) {
            assertThat(awaitEnd(good, Result.SUCCESS), containsString("2 of 2 devices have it"));
        }
        for (String bad : List.of("to-abort", "aborted")) {
            assertThat(awaitEnd(bad, Result.FAILURE), containsString("failed: 0 of 2 devices have it"));
        }
        assertThat(log("created"), containsString("It is there: " + deployment("created")));
        assertThat(server.rollouts().deployments(), hasSize(6));
        assertThat(server.rollouts().aborts(), containsInAnyOrder(deployment("to-abort"), deployment("aborted")));
    }

    /** Has the server do something when it gets a request, and never answer. */
    private void hang(String request, Runnable action) {
        server.answer(request, () -> {
            action.run();
            hanging.incrementAndGet();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Reply.empty(502);
        });
    }

    /** Starts a build that deploys to two devices of its own, and waits until so many requests hang. */
    private void deploy(String name, int hang) throws Throwable {
        devices.put(name, server.rollouts().accept(2, "qemux86-64", name));
        build(name, "menderDeploy group: '" + name + "', name: '" + name + "', artifact: '" + RELEASE + "', %s");
        Await.until(name + " is under way", () -> hanging.get() == hang);
    }

    private void build(String name, String script) throws Throwable {
        String where = "serverUrl: '" + server.url() + "', credentialsId: 'mender-pat'";
        jenkins.runRemotely(KilledDeploymentTest::start, name, script.formatted(where));
    }

    /** {@return the deployment to a group of that name; null when there is none} */
    private String deployment(String name) {
        return server.rollouts().deployments().stream()
                .filter(id -> server.rollouts().targets(id).equals(devices.get(name)))
                .findFirst()
                .orElse(null);
    }

    private void install(String name) {
        devices.get(name).forEach(device -> server.rollouts().report(deployment(name), device, "success"));
    }

    private String log(String job) throws Exception {
        Path log = jenkins.getHome().toPath().resolve("jobs/" + job + "/builds/1/log");
        return Files.isReadable(log) ? Files.readString(log) : "";
    }

    private String awaitEnd(String job, Result result) throws Throwable {
        String log = jenkins.runRemotely(KilledDeploymentTest::awaitResult, job, result.toString());
        assertThat(log, not(containsString("\tat ")));
        return log;
    }

    private static void start(JenkinsRule rule, String name, String script) throws Exception {
        WorkflowJob job = rule.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        job.scheduleBuild2(0).waitForStart();
    }

    private static String awaitResult(JenkinsRule rule, String name, String result) throws Exception {
        WorkflowRun run =
                rule.jenkins.getItemByFullName(name, WorkflowJob.class).getBuildByNumber(1);
        rule.assertBuildStatus(Result.fromString(result), rule.waitForCompletion(run));
        return JenkinsRule.getLog(run);
    }
}
