package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import hudson.FilePath;
import hudson.model.FreeStyleProject;
import hudson.model.Node;
import hudson.model.Result;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What people's workspaces look like: links that lead nowhere, out or in circles, copies, lists of paths, names of every script. */
@WithJenkins
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs symbolic links")
class FilesOfBuildsTest {
    @RegisterExtension
    private static final InboundAgentExtension AGENTS = new InboundAgentExtension();

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @TempDir
    private Path elsewhere;

    private MenderJenkins jenkins;
    private JenkinsRule rule;

    @BeforeEach
    void start(JenkinsRule started) throws Exception {
        rule = started;
        jenkins = MenderJenkins.withToken(rule, server);
    }

    /** A job on a node whose workspace has one Artifact, {@code build/rootfs-none.mender}. */
    private FreeStyleProject job(Node node, String artifact) throws Exception {
        FreeStyleProject job = jenkins.freestyle(node, jenkins.builder(artifact));
        MenderJenkins.place(node, job, "rootfs-none.mender");
        return job;
    }

    private Path path(Node node, FreeStyleProject job) {
        return Path.of(MenderJenkins.workspace(node, job).getRemote());
    }

    private String build(FreeStyleProject job, Result expected) throws Exception {
        String log = jenkins.log(jenkins.build(job, expected));
        assertThat(log, not(containsString("\tat ")));
        return log;
    }

    private List<String> uploaded(FreeStyleProject job) {
        return job.getLastBuild().getAction(MenderUploadsAction.class).getResults().stream()
                .map(MenderUploadResult::getFileName)
                .toList();
    }

    @Test
    void aLinkThatLeadsNowhereIsPassedOver() throws Exception {
        FreeStyleProject job = job(rule.jenkins, "build/*.mender");
        Files.createSymbolicLink(path(rule.jenkins, job).resolve("build/latest.mender"), Path.of("gone.mender"));
        String log = build(job, Result.SUCCESS);
        assertThat(
                log,
                containsString(
                        "[Mender] Passed over, since it leads nowhere, has vanished or cannot be read: build/latest.mender."));
        assertThat(uploaded(job), contains("build/rootfs-none.mender"));
    }

    @Test
    void aLinkThatLeadsNowhereAloneIsAClearFailure() throws Exception {
        FreeStyleProject job = job(rule.jenkins, "build/latest.mender");
        Files.createSymbolicLink(path(rule.jenkins, job).resolve("build/latest.mender"), Path.of("gone.mender"));
        assertThat(
                build(job, Result.FAILURE),
                containsString("ERROR: Nothing is there to upload: build/latest.mender leads nowhere"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyDepthEndsAtLinksThatLeadOut(boolean onAgent) throws Exception {
        Node node = onAgent ? MenderJenkins.inboundAgent(AGENTS, rule) : rule.jenkins;
        FreeStyleProject job = job(node, "**/*.mender");
        Path rootfs = Files.createDirectories(path(node, job).resolve("rootfs"));
        Files.createSymbolicLink(rootfs.resolve("all"), Path.of("/"));
        Files.createSymbolicLink(rootfs.resolve("up"), Path.of(".."));
        Path far = elsewhere.resolve("far.mender");
        new ArtifactBuilder("far", "beaglebone").write(far);
        Files.createSymbolicLink(rootfs.resolve("far.mender"), far);
        String log = build(job, Result.SUCCESS);
        assertThat(uploaded(job), contains("build/rootfs-none.mender"));
        assertThat(
                log,
                containsString(
                        "[Mender] Passed over, since symbolic links lead out of the workspace: rootfs/far.mender."));
    }

    /** As a Yocto build has whose {@code tmp} lies on another disk. */
    @Test
    void aFolderThatAPatternNamesIsFollowedOutOnAnAgent() throws Exception {
        Node agent = MenderJenkins.inboundAgent(AGENTS, rule);
        FreeStyleProject job = jenkins.freestyle(agent, jenkins.builder("tmp/deploy/images/*/*.mender"));
        link(path(agent, job));
        build(job, Result.SUCCESS);
        assertThat(uploaded(job), contains("tmp/deploy/images/qemux86-64/core.mender"));
    }

    @Test
    void onTheBuiltInNodeItIsNotAndTheWayRoundIsNamed() throws Exception {
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, jenkins.builder("tmp/deploy/images/*/*.mender"));
        link(path(rule.jenkins, job));
        String log = build(job, Result.FAILURE);
        assertThat(
                log,
                allOf(
                        containsString("ERROR: A symbolic link leads out of the workspace, and on the built-in node"),
                        containsString("tmp"),
                        containsString("with dir('/…')")));
        assertThat(server.uploads(), empty());
    }

    private void link(Path workspace) throws Exception {
        Path images = Files.createDirectories(elsewhere.resolve("tmp/deploy/images/qemux86-64"));
        new ArtifactBuilder("core", "qemux86-64").write(images.resolve("core.mender"));
        Files.createDirectories(workspace);
        Files.createSymbolicLink(workspace.resolve("tmp"), elsewhere.resolve("tmp"));
    }

    @Test
    void pathsAsScriptsWriteThem() throws Exception {
        for (String artifact : List.of(
                "./build/rootfs-none.mender",
                "././build/*.mender",
                "build//../x, build/rootfs-none.mender",
                "\n build/*.mender\r\n")) {
            FreeStyleProject job = job(rule.jenkins, artifact);
            build(job, Result.SUCCESS);
            assertThat(uploaded(job), contains("build/rootfs-none.mender"));
            server.clear();
        }
    }

    @Test
    void anAbsolutePathBelowTheWorkspaceAndAListWithLineEnds() throws Exception {
        FreeStyleProject job = job(rule.jenkins, "${WORKSPACE}/build/rootfs-none.mender\nbuild/other.mender\n");
        FilePath folder = MenderJenkins.workspace(rule.jenkins, job).child("build");
        new ArtifactBuilder("other", "beaglebone").write(Path.of(folder.getRemote(), "other.mender"));
        build(job, Result.SUCCESS);
        assertThat(uploaded(job), contains("build/other.mender", "build/rootfs-none.mender"));
    }

    @Test
    void whatIsNotUnderstoodIsNamed() throws Exception {
        for (String pattern : List.of("build/{a,b}.mender", "build/a.mender;build/b.mender")) {
            assertThat(
                    build(job(rule.jenkins, pattern), Result.FAILURE),
                    containsString("Patterns are those of Ant: * and ? in a name, ** for any folders"));
        }
        assertThat(
                build(job(rule.jenkins, "/opt/out/a.mender"), Result.FAILURE),
                containsString("'/opt/out/a.mender' does not lie in "));
        assertThat(
                build(job(rule.jenkins, "../out/a.mender"), Result.FAILURE),
                containsString("give a path relative to the workspace"));
    }

    @Test
    void anEmptyWorkspaceMakesOneThinkOfContainers() throws Exception {
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, jenkins.builder("build/*.mender"));
        assertThat(build(job, Result.FAILURE), containsString("This step runs where the agent runs"));
    }

    @Test
    void linksInCirclesEnd() throws Exception {
        FreeStyleProject job = job(rule.jenkins, "**/*.mender");
        Path build = path(rule.jenkins, job).resolve("build");
        for (int i = 0; i < 6; i++) {
            Files.createDirectories(build.resolve("d" + i));
            Files.createSymbolicLink(build.resolve("d" + i).resolve("next"), Path.of("..", "d" + (i + 1) % 6));
            Files.createSymbolicLink(build.resolve("d" + i).resolve("up"), Path.of(".."));
        }
        build(job, Result.SUCCESS);
        assertThat(uploaded(job), hasSize(1));
    }

    /** As Yocto leaves them: in the folder of images, and in that of the recipe. */
    @Test
    void copiesAreUploadedOnce() throws Exception {
        FreeStyleProject job = job(rule.jenkins, "**/*.mender");
        Path workspace = path(rule.jenkins, job);
        Path copy = Files.createDirectories(workspace.resolve("work/deploy")).resolve("rootfs.mender");
        Files.copy(workspace.resolve("build/rootfs-none.mender"), copy);
        Files.createLink(workspace.resolve("work/hard.mender"), copy);
        String log = build(job, Result.SUCCESS);
        assertThat(uploaded(job), contains("build/rootfs-none.mender"));
        assertThat(log, containsString("[Mender] work/deploy/rootfs.mender is a copy of build/rootfs-none.mender"));
        assertThat(log, containsString("[Mender] work/hard.mender is a copy of build/rootfs-none.mender"));
        assertThat(server.artifacts(), hasSize(1));
    }

    /** Others would fail over their own success. */
    @Test
    void whatThisBuildUploadedBeforeIsDone() throws Exception {
        WorkflowJob job = jenkins.pipeline("built-in", """
                int tries = 0
                retry(3) {
                    def all = %1$s
                    echo all.collect { it.fileName + ' ' + it.outcome }.join(', ')
                    if (++tries == 1) { error 'something else failed' }
                }
                """.formatted(jenkins.call("build/*.mender")));
        MenderJenkins.place(rule.jenkins, job, "rootfs-none.mender");
        String log = jenkins.log(jenkins.build(job, Result.SUCCESS));
        assertThat(log, containsString("build/rootfs-none.mender UPLOADED"));
        assertThat(log, containsString("build/rootfs-none.mender REUSED"));
        assertThat(server.uploads(), hasSize(1));
        String other = jenkins.log(jenkins.build(job, Result.FAILURE));
        assertThat(other, containsString("is on the server already"));
    }

    @Test
    void aUrlFromTheBrowserIsCutToTheServers() throws Exception {
        for (String page : List.of(
                "/ui/releases",
                "/ui/software/app?x=1#y",
                "/api/management/v1/deployments/artifacts",
                "/ui/#/releases",
                "/?secret=1")) {
            FreeStyleProject job = jenkins.freestyle(
                    rule.jenkins, MenderJenkins.builder("build/*.mender", server.url() + page, MenderJenkins.TOKEN));
            MenderJenkins.place(rule.jenkins, job, "rootfs-none.mender");
            String log = build(job, Result.SUCCESS);
            assertThat(log, containsString("[Mender] Of 'Server URL' the server's own address is used: "));
            assertThat(log, not(containsString("secret")));
            assertThat(server.artifacts(), hasSize(1));
            server.clear();
        }
    }
}
