package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;

import hudson.model.Node;
import hudson.model.Result;
import hudson.slaves.SlaveComputer;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.nio.file.Path;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The first upload of an agent that never ran this plugin: what it has to load from the controller class by class. */
@WithJenkins
class FreshAgentTest {
    /** The classes of the plugin itself, which lie in no library here, and Jenkins' own; the libraries have some 600 beside. */
    private static final int CLASSES = 200;

    @RegisterExtension
    private static final InboundAgentExtension AGENTS = new InboundAgentExtension();

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @Test
    void librariesComeInOneGo(JenkinsRule rule) throws Exception {
        assertThat(classesOfTheFirstUpload(rule, System.getProperty("java.io.tmpdir")), lessThan(CLASSES));
    }

    /** Where the agent cannot store them it loads them as it always does. */
    @Test
    void anAgentThatCannotStoreLibrariesUploads(JenkinsRule rule, @TempDir Path folder) throws Exception {
        String nowhere = folder.resolve("nowhere").toString();
        assertThat(classesOfTheFirstUpload(rule, nowhere), greaterThan(CLASSES));
    }

    private int classesOfTheFirstUpload(JenkinsRule rule, String temporary) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        Node agent = MenderJenkins.inboundAgent(AGENTS, rule, "-Xmx64m", "-Djava.io.tmpdir=" + temporary);
        SlaveComputer computer = (SlaveComputer) Objects.requireNonNull(agent.toComputer());
        WorkflowJob job = jenkins.pipeline("inbound", jenkins.call("build/*.mender"));
        MenderJenkins.place(agent, job, "rootfs-gzip.mender");
        int before = computer.getClassLoadingCount();
        jenkins.build(job, Result.SUCCESS);
        assertThat(server.artifacts(), hasSize(1));
        return computer.getClassLoadingCount() - before;
    }
}
