package io.jenkins.plugins.mender;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.mender.api.MenderServer;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** The Pipeline step {@code menderUpload}: uploads Artifacts from the workspace and returns what the server holds then. */
public final class MenderUploadStep extends Step {
    private final UploadSettings settings;

    /**
     * Creates the step.
     *
     * @param artifact Ant patterns of the files to upload, comma separated, relative to the workspace
     */
    @DataBoundConstructor
    public MenderUploadStep(String artifact) {
        this.settings = new UploadSettings(artifact);
    }

    /** {@return Ant patterns of the files to upload} */
    public String getArtifact() {
        return settings.getArtifact();
    }

    /** {@return the name of a configured Mender Server, or null} */
    public String getServer() {
        return settings.getServer();
    }

    /** Sets the name of a configured Mender Server. */
    @DataBoundSetter
    public void setServer(String server) {
        settings.setServer(server);
    }

    /** {@return the Mender Server's URL, or null} */
    public String getServerUrl() {
        return settings.getServerUrl();
    }

    /** Sets the Mender Server's URL. */
    @DataBoundSetter
    public void setServerUrl(String serverUrl) {
        settings.setServerUrl(serverUrl);
    }

    /** {@return the id of the credentials, or null} */
    public String getCredentialsId() {
        return settings.getCredentialsId();
    }

    /** Sets the id of the credentials. */
    @DataBoundSetter
    public void setCredentialsId(String credentialsId) {
        settings.setCredentialsId(credentialsId);
    }

    /** {@return the text stored with the Artifact, or null} */
    public String getDescription() {
        return settings.getDescription();
    }

    /** Sets the text stored with the Artifact. */
    @DataBoundSetter
    public void setDescription(String description) {
        settings.setDescription(description);
    }

    /** {@return what to do when the Artifact is there already: {@code fail}, {@code reuse} or {@code replace}} */
    public String getIfExists() {
        return settings.getIfExists();
    }

    /** Sets what to do when the Artifact is there already. */
    @DataBoundSetter
    public void setIfExists(String ifExists) {
        settings.setIfExists(ifExists);
    }

    /** {@return how thoroughly files are looked at: {@code structure}, {@code full} or {@code none}} */
    public String getVerify() {
        return settings.getVerify();
    }

    /** Sets how thoroughly files are looked at. */
    @DataBoundSetter
    public void setVerify(String verify) {
        settings.setVerify(verify);
    }

    /** {@return how often to try what may pass} */
    public int getMaxAttempts() {
        return settings.getMaxAttempts();
    }

    /** Sets how often to try what may pass. */
    @DataBoundSetter
    public void setMaxAttempts(int maxAttempts) {
        settings.setMaxAttempts(maxAttempts);
    }

    /** {@return the longest time without a byte moving, in seconds} */
    public int getStallTimeout() {
        return settings.getStallTimeout();
    }

    /** Sets the longest time without a byte moving, in seconds. */
    @DataBoundSetter
    public void setStallTimeout(int stallTimeout) {
        settings.setStallTimeout(stallTimeout);
    }

    /** {@return whether to do everything but change the server} */
    public boolean isDryRun() {
        return settings.isDryRun();
    }

    /** Sets whether to do everything but change the server. */
    @DataBoundSetter
    public void setDryRun(boolean dryRun) {
        settings.setDryRun(dryRun);
    }

    @Override
    public StepExecution start(StepContext context) throws IOException, InterruptedException {
        return new MenderUploadExecution(context, settings);
    }

    /** Describes the step, and serves the form that it shares with {@link MenderUploadBuilder}. */
    @Extension
    public static final class DescriptorImpl extends UploadForm {
        @Override
        public String getFunctionName() {
            return "menderUpload";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.MenderUpload_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, FilePath.class, EnvVars.class, TaskListener.class);
        }

        /** {@return Artifact and server, for views of the Pipeline's stages} */
        @Override
        public String argumentsToString(@NonNull Map<String, Object> namedArgs) {
            Object artifact = Util.fixNull(namedArgs.get("artifact"), "");
            Object server = namedArgs.getOrDefault("server", namedArgs.get("serverUrl"));
            return server == null
                    ? artifact.toString()
                    : Messages.MenderUpload_arguments(artifact, MenderServer.withoutUser(server.toString()));
        }
    }
}
