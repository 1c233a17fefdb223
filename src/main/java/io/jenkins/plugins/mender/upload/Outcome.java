package io.jenkins.plugins.mender.upload;

/** How an Artifact came to be on the server. */
public enum Outcome {
    /** It was sent. */
    UPLOADED,
    /** It was there already with the same content. */
    REUSED,
    /** It was sent after another of the same name was deleted. */
    REPLACED,
    /** It was sent, the answer was lost, and the server was found to have it. */
    RECOVERED,
    /** It is not there: this was a dry run, and nothing speaks against the upload. */
    PLANNED
}
