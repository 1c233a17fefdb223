package io.jenkins.plugins.mender.upload;

/** How an Artifact came to be on the server. */
public enum Outcome {
    /** It was sent. */
    UPLOADED
}
