package io.jenkins.plugins.mender;

import hudson.FilePath;
import hudson.FilePath.FileCallable;
import hudson.remoting.RequestAbortedException;
import java.io.IOException;

/** The workspace of a run, as long as the run lasts. */
@FunctionalInterface
interface Workspace {
    /**
     * Gets at the workspace; waits for its agent where that is what the kind of job does.
     *
     * @return the workspace, on an agent that was connected a moment ago
     * @throws IOException when it cannot be got at any more
     * @throws InterruptedException when the thread was interrupted
     */
    FilePath get() throws IOException, InterruptedException;

    /**
     * Does something where the workspace lies.
     *
     * @param work what to do
     * @return what came of it
     * @throws IOException when it failed, or the agent went away
     * @throws InterruptedException when the thread was interrupted; the work is interrupted, too
     */
    default <T> T act(FileCallable<T> work) throws IOException, InterruptedException {
        try {
            return get().act(work);
        } catch (RequestAbortedException e) {
            throw new IOException(Messages.Workspace_lost(), e);
        }
    }
}
