package io.jenkins.plugins.mender.benchmark;

import hudson.model.Result;
import hudson.model.queue.QueueTaskFuture;
import io.jenkins.plugins.mender.benchmark.SinkProcess.Network;
import io.jenkins.plugins.mender.benchmark.StepJenkins.Agent;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;

/** What many uploads at once cost the controller. */
final class StepScale {
    private static final int AGENTS = 4;
    private static final int BUILDS_OF_AN_AGENT = 50;
    private static final int BUILDS = AGENTS * BUILDS_OF_AN_AGENT;
    private static final double KIBIBYTE = 1024;

    private final StepJenkins jenkins;
    private final Report report;

    StepScale(StepJenkins jenkins, Report report) {
        this.jenkins = jenkins;
        this.report = report;
    }

    /** Threads and bytes of heap that are in use after a collection. */
    private record Use(int threads, long heap) {}

    void run(Path file) throws Throwable {
        List<SlowRelay> relays = new ArrayList<>();
        List<Agent> agents = new ArrayList<>();
        try {
            for (int i = 0; i < AGENTS; i++) {
                relays.add(new SlowRelay(jenkins.port(), 0));
                agents.add(jenkins.agent(relays.get(i).port(), null, BUILDS_OF_AN_AGENT));
                for (int n = 1; n <= BUILDS_OF_AN_AGENT; n++) {
                    agents.get(i).place(file, agents.get(i).name() + (n == 1 ? "" : "@" + n));
                }
            }
            report(agents, relays, upload(file, Network.LOOPBACK), upload(file, Network.SLOW));
        } finally {
            for (Agent agent : agents) {
                agent.close();
            }
            for (SlowRelay relay : relays) {
                relay.close();
            }
        }
    }

    private static String upload(Path file, Network network) {
        String server = network.name().toLowerCase(Locale.ROOT);
        return "menderUpload artifact: '" + file.getFileName() + "', server: '" + server + "'";
    }

    private void report(List<Agent> agents, List<SlowRelay> relays, String upload, String slowly) throws Throwable {
        ArrayList<String> names = new ArrayList<>();
        agents.forEach(agent -> names.add(agent.name()));
        // the same builds without an upload, which all have their own threads and heap
        start(names, "echo 'Uploading'\nsleep 30");
        Use without = under();
        finish();
        bytes(relays);
        for (Agent agent : agents) {
            agent.time(List.of("echo ''"));
        }
        double idle = bytes(relays) / AGENTS;
        for (Agent agent : agents) {
            agent.time(List.of(upload));
        }
        double first = bytes(relays) / AGENTS - idle;
        for (Agent agent : agents) {
            agent.time(List.of(upload, upload)); // what the first ones left under way passes meanwhile
        }
        bytes(relays);
        for (Agent agent : agents) {
            agent.time(List.of(upload));
        }
        double later = bytes(relays) / AGENTS - idle;
        start(names, slowly);
        Use with = under();
        double page = page(names.get(0));
        finish();
        double threads = (double) (with.threads() - without.threads()) / BUILDS;
        double heap = (with.heap() - without.heap()) / KIBIBYTE / BUILDS;
        report.goal("bytes over remoting for a later upload", later / KIBIBYTE, 40, " KiB");
        report.goal("heap of the controller for each of " + BUILDS + " uploads at once", heap, 256, " KiB");
        report.goal("a build's page meanwhile", page, 1000, " ms");
        report.heading(BUILDS + " builds at once on " + AGENTS + " agents, 16 MiB each");
        report.table(List.of(
                new String[] {"of the controller, for each upload", "measured"},
                new String[] {"threads", Report.number(threads)},
                new String[] {"heap, KiB", Report.number(heap)},
                new String[] {"over remoting, an agent's first upload, KiB", Report.number(first / KIBIBYTE)},
                new String[] {"over remoting, later ones, KiB", Report.number(later / KIBIBYTE)},
                new String[] {"a build's page meanwhile, ms", Report.number(page)}));
    }

    private static double bytes(List<SlowRelay> relays) {
        return relays.stream().mapToLong(SlowRelay::takeBytes).sum();
    }

    private void start(ArrayList<String> names, String steps) throws Throwable {
        jenkins.fixture().runRemotely(StepScale::startIn, names, steps);
    }

    private static void startIn(JenkinsRule rule, ArrayList<String> names, String steps) throws Exception {
        List<QueueTaskFuture<WorkflowRun>> builds = new ArrayList<>();
        for (String name : names) {
            WorkflowJob job = rule.jenkins.getItemByFullName(name, WorkflowJob.class);
            if (job == null) {
                job = rule.jenkins.createProject(WorkflowJob.class, name);
            }
            String script = "node('" + name + "') {\n" + steps + "\n}";
            job.setDefinition(new CpsFlowDefinition(script, true));
            for (int n = 0; n < BUILDS_OF_AN_AGENT; n++) {
                builds.add(job.scheduleBuild2(
                        0,
                        new hudson.model.ParametersAction(
                                new hudson.model.StringParameterValue("n", String.valueOf(n)))));
            }
        }
        for (QueueTaskFuture<WorkflowRun> build : builds) {
            rule.waitForMessage("Uploading", build.waitForStart());
        }
    }

    /** {@return what the controller uses while the builds are under way} */
    private Use under() throws Throwable {
        long[] use = jenkins.fixture().runRemotely(StepScale::useIn);
        return new Use((int) use[0], use[1]);
    }

    private static long[] useIn(JenkinsRule rule) throws Exception {
        TimeUnit.SECONDS.sleep(3);
        long heap = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            heap = Math.min(
                    heap,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return new long[] {ManagementFactory.getThreadMXBean().getThreadCount(), heap};
    }

    private double page(String job) throws Throwable {
        String path = "job/" + job + "/lastBuild/";
        URI uri = jenkins.fixture().getUrl().toURI().resolve(path);
        Series series = new Series("page");
        for (int i = 0; i < 5; i++) {
            long begin = System.nanoTime();
            try (InputStream page = uri.toURL().openStream()) {
                page.readAllBytes();
            }
            series.add((System.nanoTime() - begin) / 1e6);
        }
        return series.seconds();
    }

    private void finish() throws Throwable {
        jenkins.fixture().runRemotely(StepScale::finishIn);
    }

    private static void finishIn(JenkinsRule rule) throws Exception {
        for (WorkflowJob job : rule.jenkins.getAllItems(WorkflowJob.class)) {
            for (WorkflowRun run : job.getBuilds()) {
                if (run.isBuilding() || run.getParent().isBuilding()) {
                    rule.assertBuildStatus(Result.SUCCESS, rule.waitForCompletion(run));
                }
            }
        }
    }
}
