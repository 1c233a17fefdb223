package io.jenkins.plugins.mender;

import hudson.AbortException;
import hudson.FilePath;
import hudson.FilePath.FileCallable;
import hudson.remoting.ChannelClosedException;
import hudson.remoting.RequestAbortedException;
import io.jenkins.plugins.mender.api.PlainText;
import io.jenkins.plugins.mender.api.TransportException;
import io.jenkins.plugins.mender.artifact.ArtifactException;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.util.Optional;

/**
 * The workspace of a run, as long as the run lasts. Whatever its agent says comes through here, and an agent can be anybody's: its
 * answers are of the type that was asked for, and of its failures no more than a line is kept.
 */
@FunctionalInterface
interface Workspace {
    /** The most characters of a failure's message. */
    int MESSAGE_CHARS = 500;

    /** The most causes of a failure that are looked at; a forged one can be its own cause. */
    int MOST_CAUSES = 20;

    /**
     * Gets at the workspace; waits for its agent where that is what the kind of job does.
     *
     * @return the workspace, on an agent that was connected a moment ago
     * @throws IOException when it cannot be got at any more
     * @throws InterruptedException when the thread was interrupted
     */
    FilePath get() throws IOException, InterruptedException;

    /** Something to ask of a workspace. */
    @FunctionalInterface
    interface Question {
        /** Asks it. */
        Object ask(FilePath workspace) throws IOException, InterruptedException;
    }

    /**
     * Does something where the workspace lies.
     *
     * @param type what comes of it
     * @param work what to do
     * @return what came of it, never null
     * @throws ArtifactException when the work ended so
     * @throws TransportException when the work ended so; its details are the agent's own
     * @throws AbortException when it failed otherwise, or the agent answered with something that no agent says
     * @throws IOException when the agent went away
     * @throws InterruptedException when the thread was interrupted; the work is interrupted, too
     */
    default <T> T act(Class<T> type, FileCallable<T> work) throws IOException, InterruptedException {
        return ask(type, workspace -> workspace.act(work));
    }

    /** Asks something of the workspace; see {@link #act(Class, FileCallable)}. */
    default <T> T ask(Class<T> type, Question question) throws IOException, InterruptedException {
        FilePath workspace = get();
        Object answer;
        try {
            answer = question.ask(workspace);
        } catch (Throwable e) { // an agent may throw whatever it likes, unchecked or not
            throw failure(e);
        }
        if (!type.isInstance(answer)) {
            throw strange(answer == null ? "null" : answer.getClass().getName());
        }
        return type.cast(answer);
    }

    /** {@return an answer that is beyond what an agent can come to, as one line for the log} */
    static AbortException strange(String detail) {
        return new AbortException(Messages.Workspace_strange(PlainText.oneLine(detail, MESSAGE_CHARS)));
    }

    private static IOException failure(Throwable e) throws InterruptedException {
        if (e instanceof InterruptedException interrupt && e.getCause() == null) {
            throw interrupt; // of this thread; that of the agent's has a cause
        }
        String message = PlainText.oneLine(String.valueOf(e.getMessage()), MESSAGE_CHARS);
        if (e instanceof RequestAbortedException || e instanceof ChannelClosedException) {
            return new IOException(Messages.Workspace_lost(), new ChannelClosedException(message, null));
        }
        Optional<IOException> known = cause(e, ArtifactException.class).map(IOException.class::cast);
        known = known.or(() -> cause(e, TransportException.class));
        if (known.isPresent()) {
            return known.get();
        }
        return e instanceof IOException && !(e instanceof ObjectStreamException)
                ? new AbortException(message)
                : strange(
                        e instanceof ObjectStreamException
                                ? message
                                : e.getClass().getName() + ": " + message);
    }

    private static <T> Optional<T> cause(Throwable e, Class<T> type) {
        Throwable cause = e;
        for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
