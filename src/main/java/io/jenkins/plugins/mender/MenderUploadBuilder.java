package io.jenkins.plugins.mender;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import io.jenkins.plugins.mender.upload.UploadJournal;
import java.io.IOException;
import java.util.List;
import jenkins.tasks.SimpleBuildStep;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * The freestyle build step "Upload Artifact to Mender". It has no {@code @Symbol}: Pipelines have {@link MenderUploadStep}. It
 * is a build step and not a post-build action, since an interrupted post-build action fails the build instead of aborting it.
 */
public final class MenderUploadBuilder extends Builder implements SimpleBuildStep {
    private final UploadSettings settings;

    /**
     * Creates the build step.
     *
     * @param artifact Ant patterns of the files to upload, comma separated, relative to the workspace
     */
    @DataBoundConstructor
    public MenderUploadBuilder(String artifact) {
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

    /** {@return tags for the Release, possibly none} */
    public List<String> getTags() {
        return settings.getTags();
    }

    /** {@return the tags with commas between, for the form} */
    public String getTagsText() {
        return String.join(", ", settings.getTags());
    }

    /** Sets tags for the Release, which are added to those that it has. */
    @DataBoundSetter
    public void setTags(List<String> tags) {
        settings.setTags(tags);
    }

    /** {@return the Release's notes, or null} */
    public String getNotes() {
        return settings.getNotes();
    }

    /** Sets the Release's notes. */
    @DataBoundSetter
    public void setNotes(String notes) {
        settings.setNotes(notes);
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
    public void perform(
            @NonNull Run<?, ?> run,
            @NonNull FilePath workspace,
            @NonNull EnvVars env,
            @NonNull Launcher launcher,
            @NonNull TaskListener listener)
            throws InterruptedException, IOException {
        new UploadRun(run, () -> workspace, listener, new UploadJournal())
                .upload(run instanceof AbstractBuild<?, ?> build ? expanded(build, env, listener) : settings);
    }

    /**
     * Replaces variables, as build steps of a freestyle job do; where a Pipeline calls this one, Groovy has done it. What a secret variable
     * holds is not for a server or a log to see.
     */
    private UploadSettings expanded(AbstractBuild<?, ?> build, EnvVars env, TaskListener listener) {
        EnvVars variables = new EnvVars(env);
        for (String secret : build.getSensitiveBuildVariables()) {
            if (variables.remove(secret) != null && settings.mentions(secret)) {
                new UploadRun.Log(listener).line(Messages.Variable_secret(secret));
            }
        }
        return settings.expand(variables);
    }

    /** Describes the build step. Its form and its help are those of the Pipeline step. */
    @Extension
    public static final class DescriptorImpl extends BuildStepDescriptor<Builder> {
        @Override
        @SuppressWarnings("rawtypes")
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.MenderUpload_displayName();
        }

        /** {@return the descriptor that serves the form} */
        public MenderUploadStep.DescriptorImpl getForm() {
            return ExtensionList.lookupSingleton(MenderUploadStep.DescriptorImpl.class);
        }
    }
}
