package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import hudson.model.Node;
import hudson.model.Result;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** An Artifact much larger than the agent's memory. */
@WithJenkins
class LargeArtifactTest {
    private static final long PAYLOAD = 200L * 1024 * 1024;

    @RegisterExtension
    private static final InboundAgentExtension AGENTS = new InboundAgentExtension();

    @Test
    void goesUpFromAnAgentWithLittleMemory(JenkinsRule rule) throws Exception {
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
            Node agent = MenderJenkins.inboundAgent(AGENTS, rule, "-Xmx64m");
            WorkflowJob job = jenkins.pipeline("inbound", jenkins.call("large.mender"));
            Path workspace = Path.of(MenderJenkins.workspace(agent, job).getRemote());
            Files.createDirectories(workspace);
            Path file = new ArtifactBuilder("large", "qemux86-64")
                    .payload(PAYLOAD)
                    .write(workspace.resolve("large.mender"));
            jenkins.build(job, Result.SUCCESS);
            assertThat(server.artifacts(), hasSize(1));
            assertThat(Files.mismatch(server.artifacts().get(0).file(), file), is(-1L));
        }
    }
}
