package io.jenkins.plugins.mender.upload;

/**
 * How to upload.
 *
 * @param description free text for the Artifacts, at most 4096 bytes; none when empty
 * @param ifExists what to do when the Artifact is there already
 * @param verify how thoroughly files are looked at before they are sent
 * @param dryRun whether to do everything but change the server
 */
public record UploadOptions(String description, IfExists ifExists, Verify verify, boolean dryRun) {

    /** {@return no description, fail if it exists, look at the structure, really upload} */
    public static UploadOptions defaults() {
        return new UploadOptions("", IfExists.FAIL, Verify.STRUCTURE, false);
    }

    /** {@return the same with another policy} */
    public UploadOptions with(IfExists policy) {
        return new UploadOptions(description, policy, verify, dryRun);
    }

    /** {@return the same with another thoroughness} */
    public UploadOptions with(Verify thoroughness) {
        return new UploadOptions(description, ifExists, thoroughness, dryRun);
    }

    /** {@return the same with another description} */
    public UploadOptions describedBy(String text) {
        return new UploadOptions(text, ifExists, verify, dryRun);
    }

    /** {@return the same as a dry run} */
    public UploadOptions asDryRun() {
        return new UploadOptions(description, ifExists, verify, true);
    }
}
