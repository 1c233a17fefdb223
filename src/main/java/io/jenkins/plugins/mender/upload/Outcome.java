package io.jenkins.plugins.mender.upload;

/** How an Artifact came to be on the server. */
public enum Outcome {
    /** It was sent. */
    UPLOADED,
    /** It was there already with the same content. */
    REUSED,
    /** It was sent after another of the same name was deleted. */
    REPLACED,
    /** It is not there: this was a dry run, and nothing speaks against the upload. */
    PLANNED
}
