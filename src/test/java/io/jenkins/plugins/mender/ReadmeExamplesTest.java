package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import hudson.Functions;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.mender.config.ConfiguredServer;
import io.jenkins.plugins.mender.config.MenderConfiguration;
import io.jenkins.plugins.mender.config.ProxyRoute;
import io.jenkins.plugins.mender.repository.MarkdownPage;
import io.jenkins.plugins.mender.repository.MarkdownPage.Example;
import io.jenkins.plugins.mender.simulator.AuthenticatingProxy;
import io.jenkins.plugins.mender.simulator.CertificateAuthority;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Rollouts;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.simulator.StoredArtifact;
import io.jenkins.plugins.mender.upload.Pacing;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javaposse.jobdsl.plugin.ExecuteDslScripts;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * The examples of README.md and its pages as they stand there. The servers that they name are simulated ones, to which Jenkins' proxy
 * leads; they are configured by the pages' own Configuration as Code. What their builds call is in {@link ExampleRepository}.
 */
@WithJenkins
class ReadmeExamplesTest {
    private static final String HOSTED = "eu.hosted.mender.io";
    private static final String LAB = "mender.lab.example.com";
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.root("Example Root");

    @TempDir
    private Path folder;

    @AutoClose
    private final SimulatedMenderServer hosted =
            SimulatedMenderServer.start(Flavour.MENDER_4_1, AUTHORITY.serverFor(HOSTED));

    @AutoClose
    private final SimulatedMenderServer lab = SimulatedMenderServer.start(Flavour.MENDER_4_1, AUTHORITY.serverFor(LAB));

    @AutoClose
    private AuthenticatingProxy proxy;

    private List<Example> examples;
    private ExampleRepository repository;

    @BeforeEach
    void start() throws Exception {
        examples = new ArrayList<>();
        for (String page : List.of(
                "README",
                "docs/parameters",
                "docs/deployments",
                "docs/recipes",
                "docs/servers",
                "docs/troubleshooting")) {
            examples.addAll(MarkdownPage.of(page + ".md").examples());
        }
        repository = new ExampleRepository(folder);
        proxy = AuthenticatingProxy.start();
        proxy.lead(HOSTED, URI.create(hosted.url()).getPort());
        proxy.lead(LAB, URI.create(lab.url()).getPort());
    }

    /** Whoever adds an example adds it to a test of this class, too. */
    @Test
    void everyExampleIsTried() {
        List<String> known = List.of(
                "Two commands", // CommandsTest
                "Pipeline",
                "Servers for all jobs",
                "Canary, approval, production",
                "Canary, approval, production",
                "A declarative Pipeline",
                "A freestyle job as code",
                "A nightly build",
                "Yocto",
                "Several device types",
                "A pull request",
                "Servers",
                "Configuration as Code",
                "Uploading without Jenkins", // UploadWithoutJenkinsTest
                "What a good log looks like",
                "What a good log looks like");
        assertThat(examples.stream().map(Example::heading).toList(), is(known));
    }

    @Test
    void pipelines(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
        for (String heading : List.of("Pipeline", "A declarative Pipeline")) {
            WorkflowJob job = repository.pipeline(rule, example(heading));
            String log = jenkins.log(jenkins.build(job, Result.SUCCESS));
            StoredArtifact stored = arrived(hosted);
            assertThat(stored.description(), is("Built by jenkins-" + job.getName() + "-1"));
            if (heading.equals("Pipeline")) {
                assertThat(
                        log,
                        containsString("release-1 is " + stored.id() + ", see https://eu.hosted.mender.io/ui/releases/"
                                + "release-1"));
            }
        }
    }

    @Test
    void aFreestyleJobAsCode(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
        ExecuteDslScripts dsl = new ExecuteDslScripts();
        dsl.setScriptText(example("A freestyle job as code"));
        FreeStyleProject seed = rule.createFreeStyleProject("seed");
        seed.getBuildersList().add(dsl);
        rule.buildAndAssertSuccess(seed);
        FreeStyleProject job = rule.jenkins.getItemByFullName("gateway", FreeStyleProject.class);
        job.setScm(repository.scm());
        jenkins.build(job, Result.SUCCESS);
        arrived(hosted);
    }

    @Test
    void configuredServers(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
        jenkins.build(repository.pipeline(rule, example("Servers for all jobs")), Result.SUCCESS);
        arrived(hosted);
        jenkins.build(repository.pipeline(rule, example("Servers")), Result.SUCCESS);
        arrived(hosted);
        arrived(lab);
    }

    @Test
    void recipes(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
        rule.jenkins.setLabelString("yocto");
        repository.installTools(rule.jenkins);

        WorkflowJob nightly = repository.pipeline(rule, example("A nightly build"));
        jenkins.build(nightly, Result.SUCCESS);
        String log = jenkins.log(jenkins.build(nightly, Result.SUCCESS));
        assertThat(log, containsString("The server holds the same Artifact already"));
        assertThat(hosted.uploads(), hasSize(1));
        arrived(hosted);

        WorkflowJob yocto = repository.pipeline(rule, example("Yocto"));
        jenkins.build(yocto, Result.SUCCESS);
        assertThat(arrived(hosted).description(), is("Built by jenkins-" + yocto.getName() + "-1"));

        jenkins.build(repository.pipeline(rule, example("Several device types")), Result.SUCCESS);
        assertThat(arrived(hosted).header().deviceTypes(), contains("raspberrypi4", "beaglebone"));

        jenkins.build(repository.pipeline(rule, example("A pull request")), Result.SUCCESS);
        assertThat(hosted.artifacts(), is(empty()));
    }

    @Test
    void deployments(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
        MenderDeployStep.Execution.setPacing(Pacing.real(), 150);
        for (String group : List.of("canary", "production", "test")) {
            hosted.rollouts().accept(20, "qemux86-64", group);
        }
        WorkflowRun run = repository
                .pipeline(rule, example("Canary, approval, production"))
                .scheduleBuild2(0)
                .waitForStart();
        install(0, 19);
        rule.waitForMessage("Canary has release-1. Roll out?", run);
        run.getAction(InputAction.class).getExecutions().get(0).proceed(null);
        install(1, 17);
        rule.assertBuildStatus(Result.SUCCESS, rule.waitForCompletion(run));
        assertThat(hosted.rollouts().tags("release-1"), contains("ci"));

        String nightly = example("Canary, approval, production", 1)
                .replace("menderDeploy ", "menderDeploy artifact: 'release-1', ");
        WorkflowJob job = jenkins.script(nightly);
        WorkflowRun night = job.scheduleBuild2(0).waitForStart();
        install(2, 20);
        rule.assertBuildStatus(Result.SUCCESS, rule.waitForCompletion(night));
        MenderDeployStep.Execution.setPacing(Pacing.real(), 1);
    }

    /** So many of the devices of a deployment install it. */
    private void install(int deployment, int devices) throws Exception {
        Rollouts fleet = hosted.rollouts();
        Await.until("the deployment is there", () -> fleet.deployments().size() > deployment);
        String id = fleet.deployments().get(deployment);
        fleet.targets(id).subList(0, devices).forEach(device -> fleet.report(id, device, "success"));
    }

    @Test
    void theLogSaysWhatIsShown(JenkinsRule rule) throws Exception {
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
            FreeStyleProject job = jenkins.upload("module-two-devices.mender").getProject();
            String first = jenkins.log(job.getLastBuild());
            String second = jenkins.log(jenkins.build(job, Result.FAILURE));
            assertThat(withoutFigures(first), containsString(withoutFigures(example("What a good log looks like", 0))));
            assertThat(
                    withoutFigures(second), containsString(withoutFigures(example("What a good log looks like", 1))));
        }
    }

    /** What differs from run to run: ids, ports, times. */
    private static String withoutFigures(String log) {
        return log.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID")
                .replaceAll("127\\.0\\.0\\.1:\\d+", "ADDRESS")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", "MOMENT")
                .replaceAll("\\d+(\\.\\d)? s:", "SECONDS:");
    }

    private String example(String heading) {
        return example(heading, 0);
    }

    private String example(String heading, int number) {
        return examples.stream()
                .filter(example -> example.heading().equals(heading))
                .toList()
                .get(number)
                .text();
    }

    private static StoredArtifact arrived(SimulatedMenderServer server) {
        assertThat(server.artifacts(), hasSize(1));
        StoredArtifact artifact = server.artifacts().get(0);
        server.clear();
        return artifact;
    }

    private MenderJenkins jenkins(JenkinsRule rule) throws Exception {
        assumeFalse(Functions.isWindows(), "the examples call sh");
        MenderJenkins jenkins = new MenderJenkins(rule, hosted);
        jenkins.storeToken("mender-pat", hosted.token());
        jenkins.storeToken("mender-lab", lab.token());
        ConfigurationAsCodeTest.loadExample();
        for (ConfiguredServer server : MenderConfiguration.get().getServers()) {
            server.setCertificates(AUTHORITY.pem());
            server.setProxy(ProxyRoute.JENKINS);
        }
        Administration.use(proxy, AuthenticatingProxy.PASSWORD, "");
        return jenkins;
    }
}
