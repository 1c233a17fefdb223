package io.jenkins.plugins.mender;

import hudson.FilePath;

/** The workspace of a run, as long as the run lasts. */
@FunctionalInterface
interface Workspace {
    /**
     * Gets at the workspace; waits for its agent where that is what the kind of job does.
     *
     * @return the workspace, on an agent that was connected a moment ago
     * @throws InterruptedException when the thread was interrupted
     */
    FilePath get() throws InterruptedException;
}
