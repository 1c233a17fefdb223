package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Node;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TopLevelItem;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Fault;
import io.jenkins.plugins.mender.simulator.FaultCase;
import io.jenkins.plugins.mender.simulator.FaultyGateway;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import jenkins.security.MasterToSlaveCallable;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Stop, timeout and failFast: the connection ends, no thread stays behind, the build is ABORTED, the log tells what is stored. */
@WithJenkins
class AbortTest {
    @RegisterExtension
    private static final InboundAgentExtension AGENTS = new InboundAgentExtension();

    @TempDir
    private Path folder;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @AutoClose
    private FaultyGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new FaultyGateway(server);
    }

    @Test
    void stoppedOnTheController(JenkinsRule rule) throws Exception {
        stopped(MenderJenkins.withToken(rule, server), rule.jenkins);
    }

    @Test
    void stoppedOnAnAgent(JenkinsRule rule) throws Exception {
        Node agent = MenderJenkins.inboundAgent(AGENTS, rule);
        stopped(MenderJenkins.withToken(rule, server), agent);
    }

    private void stopped(MenderJenkins jenkins, Node node) throws Exception {
        FreeStyleProject freestyle =
                jenkins.freestyle(node, MenderJenkins.builder("large.mender", gateway.url(), MenderJenkins.TOKEN));
        place(node, freestyle);
        hang();
        FreeStyleBuild build = freestyle.scheduleBuild2(0).waitForStart();
        awaitUpload();
        build.getExecutor().interrupt();
        assertAborted(jenkins, node, build);

        WorkflowJob pipeline = jenkins.pipeline(node.getSelfLabel().getName(), call());
        place(node, pipeline);
        hang();
        WorkflowRun run = pipeline.scheduleBuild2(0).waitForStart();
        awaitUpload();
        run.doStop();
        assertAborted(jenkins, node, run);
    }

    @Test
    void whatArrivedBeforeAnAbortIsOnTheBuildsPage(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        FreeStyleProject job =
                jenkins.freestyle(rule.jenkins, MenderJenkins.builder("*.mender", gateway.url(), MenderJenkins.TOKEN));
        place(rule.jenkins, job);
        Path workspace = Path.of(MenderJenkins.workspace(rule.jenkins, job).getRemote());
        new ArtifactBuilder("first", "beaglebone").write(workspace.resolve("a-first.mender"));
        gateway.next(List.of(Fault.none(), Fault.of(Fault.Kind.HANG, 0.5)));
        FreeStyleBuild build = job.scheduleBuild2(0).waitForStart();
        awaitUpload();
        build.getExecutor().interrupt();
        rule.assertBuildStatus(Result.ABORTED, rule.waitForCompletion(build));
        String page = rule.createWebClient().getPage(build).asNormalizedText();
        assertThat(page, containsString("1 Artifact for Mender"));
        assertThat(page, containsString("first uploaded"));
    }

    @Test
    void timeoutAndFailFast(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        WorkflowJob limited = jenkins.pipeline("built-in", "timeout(time: 30, unit: 'SECONDS') {\n" + call() + "\n}");
        place(rule.jenkins, limited);
        hang();
        WorkflowRun run = limited.scheduleBuild2(0).waitForStart();
        awaitUpload();
        assertAborted(jenkins, rule.jenkins, run);

        WorkflowJob parallel = jenkins.script("""
                parallel failFast: true, upload: {
                    node('built-in') { ws('%1$s/uploads') { %2$s } }
                }, tests: {
                    node('built-in') {
                        ws('%1$s/tests') {
                            waitUntil(initialRecurrencePeriod: 50, quiet: true) { fileExists 'go' }
                            error 'the tests failed'
                        }
                    }
                }
                """.formatted(folder, call()));
        place(folder.resolve("uploads"));
        hang();
        WorkflowRun failing = parallel.scheduleBuild2(0).waitForStart();
        awaitUpload();
        Files.createDirectories(folder.resolve("tests"));
        Files.createFile(folder.resolve("tests").resolve("go"));
        jenkins.rule.assertBuildStatus(Result.FAILURE, jenkins.rule.waitForCompletion(failing));
        assertEnded(jenkins, rule.jenkins, failing);
    }

    private void assertAborted(MenderJenkins jenkins, Node node, Run<?, ?> run) throws Exception {
        jenkins.rule.assertBuildStatus(Result.ABORTED, jenkins.rule.waitForCompletion(run));
        assertEnded(jenkins, node, run);
    }

    private void assertEnded(MenderJenkins jenkins, Node node, Run<?, ?> run) throws Exception {
        Await.until("the connection is closed", () -> gateway.openConnections() == 0);
        VirtualChannel channel = Objects.requireNonNull(node.getChannel());
        Await.until(
                "no thread stays behind",
                () -> channel.call(new MenderThreads()).isEmpty());
        String log = jenkins.log(run);
        assertThat(log, containsString("[Mender] The upload of large.mender was broken off"));
        assertThat(log, not(containsString("\tat io.jenkins.plugins.mender")));
        assertThat(server.artifacts(), hasSize(0));
    }

    private void hang() {
        gateway.next(List.of(Fault.of(Fault.Kind.HANG, 0.5)));
    }

    private void awaitUpload() throws Exception {
        Await.until("half of the file is sent", () -> gateway.uploadedBytes() >= FaultCase.FILE_BYTES / 2);
    }

    private String call() {
        return "menderUpload(artifact: 'large.mender', serverUrl: '" + gateway.url() + "', credentialsId: '"
                + MenderJenkins.TOKEN + "')";
    }

    private static void place(Node node, TopLevelItem job) throws Exception {
        place(Path.of(MenderJenkins.workspace(node, job).getRemote()));
    }

    private static void place(Path workspace) throws Exception {
        Files.createDirectories(workspace);
        new ArtifactBuilder("large", "qemux86-64")
                .payload(FaultCase.FILE_BYTES)
                .write(workspace.resolve("large.mender"));
    }

    /** The names of the threads that make exchanges. */
    private static final class MenderThreads extends MasterToSlaveCallable<List<String>, RuntimeException> {
        private static final long serialVersionUID = 1;

        @Override
        public List<String> call() {
            return Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> name.startsWith("Mender exchange"))
                    .toList();
        }
    }
}
