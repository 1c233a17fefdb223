package io.jenkins.plugins.mender;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import hudson.FilePath;
import hudson.Util;
import hudson.model.AbstractProject;
import hudson.model.Item;
import hudson.model.Queue;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.mender.config.ServerChoice;
import io.jenkins.plugins.mender.upload.IfExists;
import io.jenkins.plugins.mender.upload.Verify;
import java.io.IOException;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;
import org.springframework.security.core.Authentication;

/**
 * Fills and checks the form of an upload, which step and build step share. Whoever may not configure the job learns nothing
 * from it: neither credentials nor file names.
 */
public abstract class UploadForm extends StepDescriptor {
    private static final CredentialsMatcher USABLE = CredentialsMatchers.anyOf(
            CredentialsMatchers.instanceOf(StringCredentials.class),
            CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class));

    /** Checks a pattern, against the workspace where the job has one already. */
    @POST
    public FormValidation doCheckArtifact(@AncestorInPath Item item, @QueryParameter String value) throws IOException {
        if (!mayConfigure(item)) {
            return FormValidation.ok();
        }
        String patterns = Util.fixEmptyAndTrim(value);
        if (patterns == null) {
            return FormValidation.error(Messages.Artifact_empty());
        }
        if (isVariable(patterns)
                || !(item instanceof AbstractProject<?, ?> project)
                || !project.hasPermission(Item.WORKSPACE)) {
            return FormValidation.ok();
        }
        FilePath workspace = project.getSomeWorkspace();
        return workspace == null ? FormValidation.ok() : workspace.validateFileMask(patterns, false);
    }

    /** {@return the configured servers; somebody without permission sees the current value alone} */
    @POST
    public ListBoxModel doFillServerItems(@AncestorInPath Item item, @QueryParameter String server) {
        return mayConfigure(item) ? ServerChoice.names(server) : new StandardListBoxModel().includeCurrentValue(server);
    }

    /** Checks that the job may use a server. */
    @POST
    public FormValidation doCheckServerUrl(
            @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String server) {
        return mayConfigure(item) ? ServerChoice.check(server, value) : FormValidation.ok();
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
        if (!mayUseCredentials(item)) {
            return list.includeCurrentValue(credentialsId);
        }
        return list.includeEmptyValue()
                .includeMatchingAs(user(item), item, StandardCredentials.class, requirements(serverUrl), USABLE)
                .includeCurrentValue(credentialsId);
    }

    /** Checks that credentials exist for the job and the server, and are of a kind that will do. Their secret stays unread. */
    @POST
    public FormValidation doCheckCredentialsId(
            @AncestorInPath Item item,
            @QueryParameter String value,
            @QueryParameter String server,
            @QueryParameter String serverUrl) {
        String id = Util.fixEmptyAndTrim(value);
        if (!mayUseCredentials(item) || isVariable(id)) {
            return FormValidation.ok();
        }
        if (id == null) {
            return ServerChoice.hasCredentials(server, serverUrl)
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.CredentialsId_empty());
        }
        CredentialsMatcher withId = CredentialsMatchers.withId(id);
        CredentialsMatcher usable = CredentialsMatchers.allOf(withId, USABLE);
        if (exists(item, usable, requirements(serverUrl))) {
            return FormValidation.ok();
        }
        if (exists(item, usable, List.of())) {
            return FormValidation.error(Messages.Credentials_otherDomain(id, serverUrl));
        }
        return FormValidation.error(
                exists(item, withId, List.of()) ? Messages.Credentials_unusable(id) : Messages.Credentials_none(id));
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

    /** Checks a number of attempts. */
    @POST
    public FormValidation doCheckMaxAttempts(@QueryParameter String value) {
        return FormValidation.validatePositiveInteger(value);
    }

    /** Checks a number of seconds. */
    @POST
    public FormValidation doCheckStallTimeout(@QueryParameter String value) {
        return FormValidation.validatePositiveInteger(value);
    }

    /** Text with variables of the build, which only a build can judge. */
    private static boolean isVariable(String text) {
        return text != null && text.contains("$");
    }

    private static boolean mayConfigure(Item item) {
        return item == null ? Jenkins.get().hasPermission(Jenkins.ADMINISTER) : item.hasPermission(Item.CONFIGURE);
    }

    private static boolean mayUseCredentials(Item item) {
        return item == null
                ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                : item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(CredentialsProvider.USE_ITEM);
    }

    private static boolean exists(Item item, CredentialsMatcher matcher, List<DomainRequirement> requirements) {
        return !CredentialsProvider.listCredentialsInItem(
                        StandardCredentials.class, item, user(item), requirements, matcher)
                .isEmpty();
    }

    /** The user that builds of the job run as. */
    private static Authentication user(Item item) {
        return item instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
    }

    private static List<DomainRequirement> requirements(String serverUrl) {
        return URIRequirementBuilder.fromUri(Util.fixNull(serverUrl)).build();
    }
}
