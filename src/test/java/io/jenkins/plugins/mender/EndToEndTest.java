package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import hudson.FilePath;
import hudson.model.FreeStyleProject;
import hudson.model.Node;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.simulator.StoredArtifact;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Every good Artifact arrives unchanged, from both kinds of jobs, from the built-in node and from an inbound agent. */
@WithJenkins
class EndToEndTest {
    private static final List<String> GOOD = List.of(
            "rootfs-gzip.mender",
            "rootfs-lzma.mender",
            "rootfs-none.mender",
            "module-two-devices.mender",
            "unicode-name.mender",
            "depends.mender",
            "signed.mender");

    @RegisterExtension
    private static final InboundAgentExtension AGENTS = new InboundAgentExtension();

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @Test
    void fromTheBuiltInNode(JenkinsRule rule) throws Exception {
        everyGoodArtifact(MenderJenkins.withToken(rule, server), rule.jenkins);
    }

    @Test
    void fromAnInboundAgent(JenkinsRule rule) throws Exception {
        Node agent = MenderJenkins.inboundAgent(AGENTS, rule);
        everyGoodArtifact(MenderJenkins.withToken(rule, server), agent);
    }

    private void everyGoodArtifact(MenderJenkins jenkins, Node node) throws Exception {
        String label = node.getSelfLabel().getName();
        for (String name : GOOD) {
            WorkflowJob pipeline = jenkins.pipeline(label, jenkins.call("build/*.mender"));
            FilePath file = MenderJenkins.place(node, pipeline, name);
            assertArrived(jenkins.build(pipeline, Result.SUCCESS), file, jenkins);

            FreeStyleProject freestyle = jenkins.freestyle(node, jenkins.builder("build/" + name));
            file = MenderJenkins.place(node, freestyle, name);
            assertArrived(jenkins.build(freestyle, Result.SUCCESS), file, jenkins);
        }
    }

    private void assertArrived(Run<?, ?> build, FilePath file, MenderJenkins jenkins) throws Exception {
        assertThat(server.artifacts(), hasSize(1));
        StoredArtifact stored = server.artifacts().get(0);
        String log = jenkins.log(build);
        assertThat(log, containsString("[Mender] HTTP 201 Created after "));
        assertThat(log, containsString("artifact " + stored.id() + " (request "));
        assertThat(log, containsString("as " + server.user()));
        try (InputStream sent = file.read()) {
            assertThat(Files.readAllBytes(stored.file()), is(sent.readAllBytes()));
        }
        server.clear();
    }
}
