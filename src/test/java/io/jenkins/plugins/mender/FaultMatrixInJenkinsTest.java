package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.ProxyConfiguration;
import hudson.model.FreeStyleProject;
import hudson.model.Node;
import hudson.model.Result;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Fault;
import io.jenkins.plugins.mender.simulator.FaultCase;
import io.jenkins.plugins.mender.simulator.FaultyGateway;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The fault matrix in builds: from the controller and from an agent, the right result, content, and last lines of the log. */
@WithJenkins
class FaultMatrixInJenkinsTest {
    /** The timeouts of builds whose connection hangs; the others have the usual ones, however busy the machine is. */
    private static final int STALL_SECONDS = 3;

    private static final Duration ANSWER = Duration.ofSeconds(10);

    private static final ConnectionSettings USUAL = ConnectionSettings.defaults();

    @RegisterExtension
    private static final InboundAgentExtension AGENTS = new InboundAgentExtension();

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @AutoClose
    private FaultyGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new FaultyGateway(server);
    }

    @AfterEach
    void stop() throws Exception {
        UploadRun.setAnswerTimeout(USUAL.answerTimeout());
    }

    @Test
    void fromTheController(JenkinsRule rule) throws Exception {
        everyCase(MenderJenkins.withToken(rule, server), rule.jenkins);
    }

    @Test
    void fromAnAgent(JenkinsRule rule) throws Exception {
        Node agent = MenderJenkins.inboundAgent(AGENTS, rule);
        everyCase(MenderJenkins.withToken(rule, server), agent);
    }

    private void everyCase(MenderJenkins jenkins, Node node) throws Exception {
        MenderUploadBuilder builder = MenderJenkins.builder("large.mender", gateway.url(), MenderJenkins.TOKEN);
        FreeStyleProject job = jenkins.freestyle(node, builder);
        Path workspace = Path.of(MenderJenkins.workspace(node, job).getRemote());
        Files.createDirectories(workspace);
        Path file = new ArtifactBuilder("large", "qemux86-64")
                .payload(FaultCase.FILE_BYTES)
                .write(workspace.resolve("large.mender"));
        jenkins.pacing.duringPause(gateway::awaitQuiet);
        for (FaultCase row : FaultCase.all()) {
            server.clear();
            gateway.next(row.faults());
            boolean stalls = row.faults().stream().anyMatch(Fault::hangsInBody);
            boolean hangs = row.faults().stream().anyMatch(Fault::hangs);
            builder.setStallTimeout(
                    stalls ? STALL_SECONDS : (int) USUAL.stallTimeout().toSeconds());
            UploadRun.setAnswerTimeout(hangs && !stalls ? ANSWER : USUAL.answerTimeout());
            Result expected = row.outcome().isEmpty() ? Result.FAILURE : Result.SUCCESS;
            String log = jenkins.log(jenkins.build(job, expected));
            assertThat(row.name(), log, containsString(row.words()));
            assertThat(row.name(), gateway.uploads(), stalls ? greaterThanOrEqualTo(row.uploads()) : is(row.uploads()));
            assertThat(row.name(), server.artifacts(), hasSize(row.stored()));
            assertEnd(log, expected);
            if (row.stored() == 1) {
                assertThat(row.name(), Files.mismatch(server.artifacts().get(0).file(), file), is(-1L));
            }
        }
        expired(new MenderJenkins(jenkins.rule, server), job); // whose clock no wait has moved yet
        unreachable(jenkins, job, file, "http://127.0.0.1:" + closedPort(), "cannot be reached");
        unreachable(jenkins, job, file, "http://no-such-host.invalid", "cannot be found: its name has no address");
        jenkins.rule.jenkins.setProxy(new ProxyConfiguration("127.0.0.1", closedPort()));
        unreachable(jenkins, job, file, "http://mender.example.com", "The proxy does not lead to");
    }

    /** The token is valid for the first attempt, and not any more for the second. */
    private void expired(MenderJenkins jenkins, FreeStyleProject job) throws Exception {
        Duration life = Duration.ofHours(1);
        server.follow(jenkins.pacing::now);
        String token = server.tokenUntil(jenkins.pacing.now().plus(life));
        jenkins.storeToken("short-lived", token);
        job.getBuildersList().replace(MenderJenkins.builder("large.mender", gateway.url(), "short-lived"));
        server.clear();
        gateway.next(List.of(Fault.answer(503)));
        jenkins.pacing.duringPause(() -> jenkins.pacing.skip(life));
        String log = jenkins.log(jenkins.build(job, Result.FAILURE));
        assertThat(log, containsString("Attempt 2 of 5"));
        assertThat(log, containsString("has expired"));
        assertThat(log, not(containsString(token)));
        assertThat(gateway.uploads(), is(1));
        assertThat(server.artifacts(), hasSize(0));
        assertEnd(log, Result.FAILURE);
    }

    private static void unreachable(MenderJenkins jenkins, FreeStyleProject job, Path file, String url, String words)
            throws Exception {
        job.getBuildersList().replace(MenderJenkins.builder(file.getFileName().toString(), url, MenderJenkins.TOKEN));
        String log = jenkins.log(jenkins.build(job, Result.FAILURE));
        assertThat(log, containsString(words));
        assertThat(log, containsString("Attempt 5 of 5 in 8.0 s."));
        assertThat(log, containsString("Nothing was uploaded."));
        assertEnd(log, Result.FAILURE);
    }

    private static void assertEnd(String log, Result result) {
        String[] lines = log.stripTrailing().split("\n");
        assertThat(lines[lines.length - 1], is("Finished: " + result));
        assertThat(log, not(containsString("\tat ")));
        assertThat(log, not(containsString("Exception")));
        assertThat(lines[lines.length - 2].startsWith("ERROR: "), is(result == Result.FAILURE));
    }

    private static int closedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
