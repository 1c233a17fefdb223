package io.jenkins.plugins.mender;

import hudson.ExtensionList;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.scm.NullSCM;
import hudson.scm.SCM;
import hudson.scm.SCMDescriptor;
import hudson.scm.SCMRevisionState;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jenkins.model.Jenkins;
import org.apache.commons.io.FileUtils;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * The source code of somebody who uses the README's examples: a {@code build.sh} that leaves an Artifact, and the script that
 * begins a build of Yocto. Neither Yocto nor mender-artifact is called: commands of their names leave recorded Artifacts where
 * those would leave theirs.
 */
final class ExampleRepository {
    private final Path sources;
    private final Path tools;
    private int jobs;

    ExampleRepository(Path folder) throws IOException {
        Path release = ArtifactBuilder.recorded("rootfs-gzip.mender", folder);
        Path app = ArtifactBuilder.recorded("module-two-devices.mender", folder);
        sources = Files.createDirectory(folder.resolve("sources"));
        command(sources.resolve("build.sh"), "mkdir -p build", "cp '" + release + "' build/release-1.mender");
        Files.writeString(sources.resolve("oe-init-build-env"), "mkdir -p build\ncd build\n");
        tools = Files.createDirectory(folder.resolve("tools"));
        String images = "tmp/deploy/images/qemux86-64";
        command(
                tools.resolve("bitbake"),
                "[ \"$*\" = core-image-minimal ]",
                "mkdir -p " + images,
                "cp '" + release + "' " + images + "/core-image-minimal-qemux86-64-1.mender",
                "ln -s core-image-minimal-qemux86-64-1.mender " + images + "/core-image-minimal-qemux86-64.mender");
        command(
                tools.resolve("mender-artifact"),
                "[ \"$*\" = \"write rootfs-image -t raspberrypi4 -t beaglebone -n app-1 -f rootfs.ext4 -o build/app.mender\" ]",
                "cp '" + app + "' build/app.mender");
    }

    private static void command(Path file, String... lines) throws IOException {
        Files.writeString(file, "#!/bin/sh -e\n" + String.join("\n", lines) + "\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
        }
    }

    /** Puts the commands of Yocto and mender-artifact on the path of all builds. */
    void installTools(Jenkins jenkins) {
        jenkins.getGlobalNodeProperties()
                .add(new EnvironmentVariablesNodeProperty(
                        new EnvironmentVariablesNodeProperty.Entry("PATH+TOOLS", tools.toString())));
    }

    /**
     * Creates a Pipeline whose Jenkinsfile lies beside the sources.
     *
     * @param example a Pipeline, or steps that somebody has in one, after the build
     */
    WorkflowJob pipeline(JenkinsRule rule, String example) throws Exception {
        boolean whole = example.startsWith("node") || example.startsWith("pipeline");
        Files.writeString(
                sources.resolve("Jenkinsfile"),
                whole ? example : "node {\ncheckout scm\nsh './build.sh'\n" + example + "}\n");
        WorkflowJob job = rule.createProject(WorkflowJob.class, "example-" + ++jobs);
        job.setDefinition(new CpsScmFlowDefinition(scm(), "Jenkinsfile"));
        return job;
    }

    /** {@return where builds get the sources from} */
    SCM scm() {
        return new SourcesSCM(sources.toString());
    }

    /** A folder of this machine as source code management. */
    private static final class SourcesSCM extends NullSCM {
        private final String folder;

        SourcesSCM(String folder) {
            this.folder = folder;
        }

        @Override
        public void checkout(
                Run<?, ?> build,
                Launcher launcher,
                FilePath workspace,
                TaskListener listener,
                File changelogFile,
                SCMRevisionState baseline)
                throws IOException {
            FileUtils.copyDirectory(new File(folder), new File(workspace.getRemote()));
        }

        @Override
        public SCMDescriptor<?> getDescriptor() {
            return ExtensionList.lookupSingleton(NullSCM.DescriptorImpl.class);
        }
    }
}
