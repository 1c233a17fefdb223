package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import hudson.model.Result;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer.Exchange;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What it costs a controller that 200 steps wait for devices at once: few threads, little memory, and one request of each in 15 s at most. */
@WithJenkins
class ManyDeploymentsTest {
    private static final int BUILDS = 10;
    private static final int BRANCHES = 20;
    private static final int STEPS = BUILDS * BRANCHES;
    private static final double MOST_MEBIBYTES = 20;
    private static final int MOST_THREADS = 40;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private final List<WorkflowRun> builds = new ArrayList<>();
    private MenderJenkins jenkins;

    @Test
    void twoHundredStepsWait(JenkinsRule rule) throws Exception {
        jenkins = MenderJenkins.withToken(rule, server);
        jenkins.upload("rootfs-none.mender");
        server.rollouts().accept(3, "qemux86-64", "canary");
        start("sleep(", "3600", "Sleeping for");
        startDeployments(); // the first build brings classes with it

        double before = heap();
        for (int i = 0; i < BUILDS; i++) {
            start("sleep(", "3600", "Sleeping for");
        }
        double asleep = heap();
        for (int i = 0; i < BUILDS; i++) {
            startDeployments();
        }
        server.forgetExchanges();
        double own = heap() - asleep - (asleep - before);
        server.forgetExchanges();
        int threads = 0;
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15); System.nanoTime() < end; ) {
            threads = Math.max(threads, threads());
            TimeUnit.MILLISECONDS.sleep(20);
        }
        int requests = server.exchanges().size();
        System.out.printf(
                "%d steps wait: %.1f MiB, %.1f for as many that sleep, %d threads, %d requests in 15 s%n",
                STEPS, own, asleep - before, threads, requests);
        assertThat("MiB more than for as many steps that sleep", own, lessThan(MOST_MEBIBYTES));
        assertThat("threads", threads, lessThan(MOST_THREADS));
        assertThat("requests", requests, lessThanOrEqualTo(STEPS + BRANCHES));
        Await.until(
                "all have looked",
                () -> server.exchanges().stream()
                                .map(Exchange::request)
                                .distinct()
                                .count()
                        == STEPS + BRANCHES);
        for (WorkflowRun build : builds) {
            build.doStop();
        }
        for (WorkflowRun build : builds) {
            rule.assertBuildStatus(Result.ABORTED, rule.waitForCompletion(build));
        }
    }

    private void startDeployments() throws Exception {
        StringBuilder ids = new StringBuilder();
        for (int i = 0; i < BRANCHES; i++) {
            String name = "deployment-" + builds.size() + '-' + i;
            String release = server.artifacts().get(0).header().name();
            ids.append(", '")
                    .append(server.rollouts().create(name, release, "canary"))
                    .append('\'');
        }
        start(
                "menderDeploy(serverUrl: '" + server.url() + "', credentialsId: '" + MenderJenkins.TOKEN
                        + "', deployment: ",
                "[" + ids.substring(2) + "][n]",
                "0 of 3 devices have it");
    }

    /** Starts a build with a step in each of its branches, and waits until all of them have said something. */
    private void start(String call, String argument, String words) throws Exception {
        WorkflowRun run = jenkins.script("def all = [:]\nfor (int i = 0; i < " + BRANCHES
                        + "; i++) { int n = i; all[\"b$n\"] = { " + call + argument + ") } }\nparallel all")
                .scheduleBuild2(0)
                .waitForStart();
        builds.add(run);
        Await.until("all wait", () -> JenkinsRule.getLog(run).split(words, -1).length > BRANCHES);
    }

    /** {@return how many threads the plugin has} */
    private static int threads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("Mender"))
                .count();
    }

    /** {@return the heap in use after collections, in MiB} */
    private static double heap() throws InterruptedException {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(100);
            used = Math.min(
                    used,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return used / 1024.0 / 1024;
    }
}
