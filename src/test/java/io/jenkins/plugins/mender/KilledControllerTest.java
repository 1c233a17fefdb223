package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.ExtensionList;
import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Fault;
import io.jenkins.plugins.mender.simulator.FaultCase;
import io.jenkins.plugins.mender.simulator.FaultyGateway;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.flow.FlowDurabilityHint;
import org.jenkinsci.plugins.workflow.flow.GlobalDefaultFlowDurabilityLevel;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/**
 * The process of Jenkins is killed while four builds are in four phases of their uploads. When it is back all of them end green,
 * and the server holds each Artifact once. {@link RestartTest} has the same for a Jenkins that is told to restart.
 */
class KilledControllerTest {
    private static final String BEFORE_THE_BODY = "before-the-body";
    private static final String IN_THE_BODY = "in-the-body";
    private static final String STORED = "stored";
    private static final String BETWEEN_ATTEMPTS = "between-attempts";

    @RegisterExtension
    private final RealJenkinsExtension jenkins = new RealJenkinsExtension();

    @TempDir
    private Path folder;

    private SimulatedMenderServer server;
    private final List<FaultyGateway> gateways = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        server = SimulatedMenderServer.start(Flavour.MENDER_4_1, folder);
    }

    @AfterEach
    void stop() throws Exception {
        for (FaultyGateway gateway : gateways) {
            gateway.close();
        }
        server.close();
    }

    @Test
    void everyPhaseOutlivesAKill() throws Throwable {
        jenkins.startJenkins();
        jenkins.runRemotely(KilledControllerTest::configure, server.token());
        FaultyGateway beforeTheBody = begin(BEFORE_THE_BODY, Fault.of(Fault.Kind.HANG, 0));
        FaultyGateway inTheBody = begin(IN_THE_BODY, Fault.of(Fault.Kind.HANG, 0.5));
        FaultyGateway stored = begin(STORED, Fault.of(Fault.Kind.HANG_AFTER_STORING));
        begin(BETWEEN_ATTEMPTS, Fault.answer(503, "Retry-After: 500"));
        Await.until("the first has asked for consent", () -> beforeTheBody.uploads() == 1);
        Await.until("half of the second is sent", () -> inTheBody.uploadedBytes() >= FaultCase.FILE_BYTES / 2);
        Await.until("the third is stored", () -> server.artifacts().size() == 1);
        Await.until("the fourth waits", () -> log(BETWEEN_ATTEMPTS).contains("Attempt 2 of 5"));

        jenkins.stopJenkinsForcibly();
        jenkins.startJenkins();

        assertThat(finish(BEFORE_THE_BODY), containsString("HTTP 201 Created"));
        String interrupted = finish(IN_THE_BODY);
        assertThat(interrupted, containsString("was being sent: looking whether it arrived."));
        assertThat(interrupted, containsString("HTTP 201 Created"));
        assertThat(finish(STORED), containsString("The Artifact has arrived: the server holds it as"));
        assertThat(stored.uploads() + " upload", containsString("1 upload"));
        assertThat(finish(BETWEEN_ATTEMPTS), containsString("HTTP 201 Created"));
        assertThat(
                server.artifacts().stream().map(held -> held.header().name()).toList(),
                containsInAnyOrder(BEFORE_THE_BODY, IN_THE_BODY, STORED, BETWEEN_ATTEMPTS));
    }

    /** Jenkins keeps too little of such a Pipeline to go on with it; nothing is sent again behind anybody's back. */
    @Test
    void aPipelineThatIsOptimizedForPerformanceDoesNotGoOnAfterAKill() throws Throwable {
        jenkins.startJenkins();
        jenkins.runRemotely(KilledControllerTest::configure, server.token());
        jenkins.runRemotely(KilledControllerTest::optimize);
        FaultyGateway stored = begin(STORED, Fault.of(Fault.Kind.HANG_AFTER_STORING));
        Await.until("it is stored", () -> server.artifacts().size() == 1);
        jenkins.stopJenkinsForcibly();
        jenkins.startJenkins();
        jenkins.runRemotely(KilledControllerTest::awaitFailure, STORED);
        assertThat(stored.uploads() + " upload", containsString("1 upload"));
        assertThat(server.artifacts().size() + " Artifact", containsString("1 Artifact"));
    }

    private static void optimize(JenkinsRule rule) {
        GlobalDefaultFlowDurabilityLevel.DescriptorImpl defaults =
                ExtensionList.lookupSingleton(GlobalDefaultFlowDurabilityLevel.DescriptorImpl.class);
        defaults.setDurabilityHint(FlowDurabilityHint.PERFORMANCE_OPTIMIZED);
    }

    private static void awaitFailure(JenkinsRule rule, String name) throws Exception {
        WorkflowRun run =
                rule.jenkins.getItemByFullName(name, WorkflowJob.class).getBuildByNumber(1);
        rule.assertBuildStatus(Result.FAILURE, rule.waitForCompletion(run));
    }

    /** Starts a build that uploads an Artifact of its own name through a gateway of its own. */
    private FaultyGateway begin(String name, Fault fault) throws Throwable {
        FaultyGateway gateway = new FaultyGateway(server);
        gateways.add(gateway);
        gateway.next(List.of(fault));
        Path workspace = jenkins.getHome().toPath().resolve("workspace").resolve(name);
        Files.createDirectories(workspace);
        new ArtifactBuilder(name, "qemux86-64").payload(FaultCase.FILE_BYTES).write(workspace.resolve("large.mender"));
        jenkins.runRemotely(KilledControllerTest::build, name, gateway.url());
        return gateway;
    }

    private String log(String job) throws Exception {
        Path log = jenkins.getHome().toPath().resolve("jobs/" + job + "/builds/1/log");
        return Files.isReadable(log) ? Files.readString(log) : "";
    }

    /** Waits for a job's build, which must succeed without a stack trace, and {@return its log} */
    private String finish(String job) throws Throwable {
        String log = jenkins.runRemotely(KilledControllerTest::awaitSuccess, job);
        assertThat(log, not(containsString("\tat ")));
        return log;
    }

    static void configure(JenkinsRule rule, String token) throws Exception {
        SystemCredentialsProvider provider = SystemCredentialsProvider.getInstance();
        provider.getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, "mender-pat", "", Secret.fromString(token)));
        provider.save();
        rule.jenkins.setNumExecutors(4);
    }

    private static void build(JenkinsRule rule, String name, String url) throws Exception {
        WorkflowJob job = rule.createProject(WorkflowJob.class, name);
        String script = """
                node {
                    menderUpload artifact: 'large.mender', serverUrl: '%s', credentialsId: 'mender-pat', stallTimeout: 600
                }
                """;
        job.setDefinition(new CpsFlowDefinition(script.formatted(url), true));
        job.scheduleBuild2(0).waitForStart();
    }

    private static String awaitSuccess(JenkinsRule rule, String name) throws Exception {
        WorkflowRun run =
                rule.jenkins.getItemByFullName(name, WorkflowJob.class).getBuildByNumber(1);
        rule.assertBuildStatus(Result.SUCCESS, rule.waitForCompletion(run));
        return JenkinsRule.getLog(run);
    }
}
