package io.jenkins.plugins.mender;

import hudson.FilePath;
import hudson.Util;
import hudson.model.AbstractProject;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.mender.upload.UploadOptions.IfExists;
import io.jenkins.plugins.mender.upload.UploadOptions.Verify;
import java.io.File;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Fills and checks the form of an upload, which step and build step share. Whoever may not configure the job learns no file names from it.
 */
public abstract class UploadForm extends ServerForm {
    /** Checks a pattern, against the workspace where the job has one already. */
    @POST
    public FormValidation doCheckArtifact(
            @AncestorInPath Item item,
            @QueryParameter String value,
            @QueryParameter String server,
            @QueryParameter String serverUrl,
            @QueryParameter String credentialsId)
            throws IOException {
        if (!mayConfigure(item)) {
            return FormValidation.ok();
        }
        String patterns = Util.fixEmptyAndTrim(value);
        if (patterns == null) {
            return isNew(server, serverUrl, credentialsId)
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.Artifact_empty());
        }
        String masks = Stream.of(patterns.split("[,\\r\\n]+"))
                .map(pattern -> pattern.strip().replaceFirst("^(\\./+)+", ""))
                .filter(pattern -> !pattern.isEmpty())
                .collect(Collectors.joining(","));
        if (isVariable(patterns)
                || masks.isEmpty()
                || new File(masks).isAbsolute()
                || !(item instanceof AbstractProject<?, ?> project)
                || !project.hasPermission(Item.WORKSPACE)) {
            return FormValidation.ok();
        }
        FilePath workspace = project.getSomeWorkspace();
        return workspace == null ? FormValidation.ok() : workspace.validateFileMask(masks, false);
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
}
