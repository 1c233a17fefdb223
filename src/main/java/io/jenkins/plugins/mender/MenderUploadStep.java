package io.jenkins.plugins.mender;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.mender.config.ServerChoice;
import io.jenkins.plugins.mender.upload.IfExists;
import io.jenkins.plugins.mender.upload.Verify;
import java.util.Set;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

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
    public StepExecution start(StepContext context) {
        return new MenderUploadExecution(context, settings);
    }

    /** Describes the step, and serves the form that it shares with {@link MenderUploadBuilder}. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
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

        /**
         * Lists the credentials that may be chosen.
         *
         * @param item the job that is being configured, or null
         * @param credentialsId the current value, which is all that somebody without permission sees
         * @param serverUrl the server that the credentials are for
         */
        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item item, @QueryParameter String credentialsId, @QueryParameter String serverUrl) {
            StandardListBoxModel list = new StandardListBoxModel();
            boolean allowed = item == null
                    ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    : item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(CredentialsProvider.USE_ITEM);
            if (!allowed) {
                return list.includeCurrentValue(credentialsId);
            }
            return list.includeEmptyValue()
                    .includeMatchingAs(
                            ACL.SYSTEM2,
                            item,
                            StandardCredentials.class,
                            URIRequirementBuilder.fromUri(Util.fixNull(serverUrl))
                                    .build(),
                            CredentialsMatchers.anyOf(
                                    CredentialsMatchers.instanceOf(StringCredentials.class),
                                    CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class)))
                    .includeCurrentValue(credentialsId);
        }

        /** {@return the policies of {@link IfExists}} */
        @POST
        public ListBoxModel doFillIfExistsItems() {
            return new ListBoxModel(
                    new ListBoxModel.Option(Messages.IfExists_fail(), IfExists.FAIL.text()),
                    new ListBoxModel.Option(Messages.IfExists_reuse(), IfExists.REUSE.text()),
                    new ListBoxModel.Option(Messages.IfExists_replace(), IfExists.REPLACE.text()));
        }

        /** {@return the degrees of {@link Verify}} */
        @POST
        public ListBoxModel doFillVerifyItems() {
            return new ListBoxModel(
                    new ListBoxModel.Option(Messages.Verify_structure(), Verify.STRUCTURE.text()),
                    new ListBoxModel.Option(Messages.Verify_full(), Verify.FULL.text()),
                    new ListBoxModel.Option(Messages.Verify_none(), Verify.NONE.text()));
        }

        /** Checks that a pattern is there. */
        @POST
        public FormValidation doCheckArtifact(@AncestorInPath Item item, @QueryParameter String value) {
            if (!mayConfigure(item)) {
                return FormValidation.ok();
            }
            return Util.fixEmptyAndTrim(value) == null
                    ? FormValidation.error(Messages.Artifact_empty())
                    : FormValidation.ok();
        }

        /** {@return the configured servers; somebody without permission sees the current value alone} */
        @POST
        public ListBoxModel doFillServerItems(@AncestorInPath Item item, @QueryParameter String server) {
            return mayConfigure(item)
                    ? ServerChoice.names(server)
                    : new StandardListBoxModel().includeCurrentValue(server);
        }

        /** Checks that the job may use a server. */
        @POST
        public FormValidation doCheckServerUrl(
                @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String server) {
            return mayConfigure(item) ? ServerChoice.check(server, value) : FormValidation.ok();
        }

        private static boolean mayConfigure(Item item) {
            return item == null ? Jenkins.get().hasPermission(Jenkins.ADMINISTER) : item.hasPermission(Item.CONFIGURE);
        }
    }
}
