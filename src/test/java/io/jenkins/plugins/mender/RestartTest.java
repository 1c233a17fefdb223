package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.Node;
import hudson.model.Result;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Fault;
import io.jenkins.plugins.mender.simulator.FaultCase;
import io.jenkins.plugins.mender.simulator.FaultyGateway;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Jenkins or the agent goes down in each phase of an upload: the build ends green, with exactly one Artifact on the server. */
class RestartTest {
    private static final String ME = "GET /api/management/v1/useradm/users/me";

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @RegisterExtension
    private final InboundAgentExtension agents = new InboundAgentExtension();

    @TempDir
    private Path folder;

    private SimulatedMenderServer server;
    private FaultyGateway gateway;
    private MenderJenkins jenkins;

    @BeforeEach
    void start() throws Exception {
        server = SimulatedMenderServer.start(Flavour.MENDER_4_1, folder);
        gateway = new FaultyGateway(server);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        server.close();
    }

    @Test
    void beforeSending() throws Throwable {
        server.answer(ME, Reply.empty(503));
        String log = restart(List.of(), this::holdAtPause);
        assertThat(log, containsString("HTTP 201 Created"));
        assertThat(server.uploads(), hasSize(1));
    }

    @Test
    void inTheBody() throws Throwable {
        String log = restart(
                List.of(Fault.of(Fault.Kind.HANG, 0.5)), () -> gateway.uploadedBytes() >= FaultCase.FILE_BYTES / 2);
        assertThat(log, containsString("was being sent: looking whether it arrived."));
        assertThat(log, containsString("HTTP 201 Created"));
    }

    @Test
    void waitingForTheAnswerToWhatWasStored() throws Throwable {
        String log = restart(
                List.of(Fault.of(Fault.Kind.HANG_AFTER_STORING)),
                () -> server.artifacts().size() == 1);
        assertThat(log, containsString("The Artifact has arrived: the server holds it as"));
        assertThat(log, containsString("large.mender RECOVERED"));
        assertThat(server.uploads(), hasSize(1));
    }

    @Test
    void waitingForTheAnswerToWhatWasLost() throws Throwable {
        String log = restart(List.of(Fault.of(Fault.Kind.HANG)), () -> gateway.uploadedBytes() > FaultCase.FILE_BYTES);
        assertThat(log, containsString("HTTP 201 Created"));
        assertThat(server.uploads(), hasSize(1));
    }

    @Test
    void betweenTwoAttempts() throws Throwable {
        String log = restart(List.of(Fault.answer(503)), this::holdAtPause);
        assertThat(log, containsString("Attempt 2 of 5"));
        assertThat(log, containsString("HTTP 201 Created"));
    }

    @Test
    void aFileThatArrivedBeforeIsNotSentAgain() throws Throwable {
        String log = restart(
                "*.mender",
                List.of(Fault.none(), Fault.of(Fault.Kind.HANG, 0.5)),
                () -> gateway.uploadedBytes() >= FaultCase.FILE_BYTES / 2);
        assertThat(log, containsString("Uploaded before Jenkins was restarted: artifact "));
        assertThat(log, containsString("first.mender UPLOADED, large.mender UPLOADED"));
        assertThat(server.artifacts(), hasSize(2));
    }

    private String restart(List<Fault> faults, Callable<Boolean> reached) throws Throwable {
        String log = restart("large.mender", faults, reached);
        assertOne(log);
        return log;
    }

    /** Runs until the condition holds, restarts, lets everything work from then on, and {@return the build's log}. */
    private String restart(String artifact, List<Fault> faults, Callable<Boolean> reached) throws Throwable {
        String[] log = new String[1];
        sessions.then(rule -> {
            jenkins = new MenderJenkins(rule, server);
            jenkins.storeToken(MenderJenkins.TOKEN, server.token());
            begin(rule.jenkins, "built-in", artifact, faults);
            Await.until("the phase is reached", reached);
        });
        server.recover();
        sessions.then(rule -> {
            new MenderJenkins(rule, server);
            WorkflowJob job = (WorkflowJob) rule.jenkins.getItem("pipeline-1");
            WorkflowRun run = job.getBuildByNumber(1);
            rule.assertBuildStatus(Result.SUCCESS, rule.waitForCompletion(run));
            log[0] = jenkins.log(run);
        });
        return log[0];
    }

    @Test
    void theAgentGoesAndComesBack() throws Throwable {
        sessions.then(rule -> {
            jenkins = new MenderJenkins(rule, server);
            jenkins.storeToken(MenderJenkins.TOKEN, server.token());
            InboundAgentExtension.Options options = InboundAgentExtension.Options.newBuilder()
                    .name("inbound")
                    .label("inbound")
                    .build();
            Node agent = agents.createAgent(rule, options);
            WorkflowRun run = begin(agent, "inbound", "large.mender", List.of(Fault.of(Fault.Kind.HANG, 0.5)));
            Await.until("half is sent", () -> gateway.uploadedBytes() >= FaultCase.FILE_BYTES / 2);
            jenkins.pacing.hold(false);
            agents.stop(rule, "inbound");
            rule.waitForMessage("Waiting for agent inbound to come back.", run);
            agents.start(rule, options);
            rule.assertBuildStatus(Result.SUCCESS, rule.waitForCompletion(run));
            assertOne(jenkins.log(run));
        });
    }

    @Test
    void theAgentIsGoneForGood() throws Throwable {
        sessions.then(rule -> {
            jenkins = new MenderJenkins(rule, server);
            jenkins.storeToken(MenderJenkins.TOKEN, server.token());
            InboundAgentExtension.Options options = InboundAgentExtension.Options.newBuilder()
                    .name("inbound")
                    .label("inbound")
                    .build();
            Node agent = agents.createAgent(rule, options);
            WorkflowRun run = begin(agent, "inbound", "large.mender", List.of(Fault.of(Fault.Kind.HANG, 0.5)));
            Await.until("half is sent", () -> gateway.uploadedBytes() >= FaultCase.FILE_BYTES / 2);
            jenkins.pacing.hold(false);
            MenderUploadStep.Execution.setPatience(Duration.ofSeconds(2));
            try {
                agents.stop(rule, "inbound");
                rule.assertBuildStatus(Result.FAILURE, rule.waitForCompletion(run));
            } finally {
                MenderUploadStep.Execution.setPatience(Duration.ofMinutes(5));
            }
            String log = jenkins.log(run);
            assertThat(log, containsString("Agent inbound has been gone for "));
            assertThat(log, containsString("The Artifact may have arrived"));
            assertThat(log.split("Waiting for agent inbound to come back", -1).length, is(2));
            assertThat(log, not(containsString("\tat io.jenkins.plugins.mender")));
        });
    }

    private WorkflowRun begin(Node node, String label, String artifact, List<Fault> faults) throws Exception {
        WorkflowJob job = jenkins.pipeline(label, """
                def all = menderUpload(artifact: '%s', serverUrl: '%s', credentialsId: '%s', stallTimeout: 600)
                echo all.collect { it.fileName + ' ' + it.outcome }.join(', ')
                """.formatted(artifact, gateway.url(), MenderJenkins.TOKEN));
        Path workspace = Path.of(MenderJenkins.workspace(node, job).getRemote());
        Files.createDirectories(workspace);
        new ArtifactBuilder("large", "qemux86-64")
                .payload(FaultCase.FILE_BYTES)
                .write(workspace.resolve("large.mender"));
        new ArtifactBuilder("first", "qemux86-64").write(workspace.resolve("first.mender"));
        gateway.next(faults);
        jenkins.pacing.hold(true);
        return job.scheduleBuild2(0).waitForStart();
    }

    private boolean holdAtPause() throws InterruptedException {
        jenkins.pacing.awaitPause();
        return true;
    }

    private void assertOne(String log) {
        assertThat(server.artifacts(), hasSize(1));
        assertThat(log, containsString(server.artifacts().get(0).id()));
        assertThat(log, not(containsString("\tat io.jenkins.plugins.mender")));
    }
}
