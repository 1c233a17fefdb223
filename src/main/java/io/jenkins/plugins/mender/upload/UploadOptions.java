package io.jenkins.plugins.mender.upload;

/**
 * How to upload.
 *
 * @param description free text for the Artifacts, at most 4096 bytes; none when empty
 * @param ifExists what to do when the Artifact is there already
 * @param verify how thoroughly files are looked at before they are sent
 * @param maxAttempts how often to try what may pass, at least 1
 * @param dryRun whether to do everything but change the server
 */
public record UploadOptions(String description, IfExists ifExists, Verify verify, int maxAttempts, boolean dryRun) {
    /** How often to try unless told otherwise. */
    public static final int DEFAULT_ATTEMPTS = 5;

    /** {@return no description, fail if it exists, look at the structure, try 5 times, really upload} */
    public static UploadOptions defaults() {
        return new UploadOptions("", IfExists.FAIL, Verify.STRUCTURE, DEFAULT_ATTEMPTS, false);
    }

    /** {@return the same with another policy} */
    public UploadOptions with(IfExists policy) {
        return new UploadOptions(description, policy, verify, maxAttempts, dryRun);
    }

    /** {@return the same with another thoroughness} */
    public UploadOptions with(Verify thoroughness) {
        return new UploadOptions(description, ifExists, thoroughness, maxAttempts, dryRun);
    }

    /** {@return the same with another description} */
    public UploadOptions describedBy(String text) {
        return new UploadOptions(text, ifExists, verify, maxAttempts, dryRun);
    }

    /** {@return the same with another number of attempts} */
    public UploadOptions attempting(int times) {
        return new UploadOptions(description, ifExists, verify, times, dryRun);
    }

    /** {@return the same as a dry run} */
    public UploadOptions asDryRun() {
        return new UploadOptions(description, ifExists, verify, maxAttempts, true);
    }
}
