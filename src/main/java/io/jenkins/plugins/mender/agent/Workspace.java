package io.jenkins.plugins.mender.agent;

import hudson.AbortException;
import hudson.FilePath;
import hudson.FilePath.FileCallable;
import hudson.remoting.ChannelClosedException;
import hudson.remoting.RequestAbortedException;
import io.jenkins.plugins.mender.artifact.ArtifactException;
import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.http.TransportException;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The workspace of a run, as long as the run lasts. Whatever its agent says comes through here, and an agent can be anybody's: its
 * answers are of the type that was asked for, and of its failures no more than a line is kept.
 */
@FunctionalInterface
public interface Workspace {
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
        return ask(type, workspace -> {
            AgentClasses.bring(workspace.getChannel());
            return workspace.act(work);
        });
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
        if (e instanceof InterruptedException && e.getCause() == null && e.getSuppressed().length == 0) {
            throw new InterruptedException(); // of this thread; remoting adds to one of the agent's where it came from
        }
        if (cause(e, RequestAbortedException.class::isInstance).isPresent()
                || cause(e, ChannelClosedException.class::isInstance).isPresent()) {
            return new IOException(Messages.Workspace_lost(), new ChannelClosedException(message(e), null));
        }
        return cause(e, ArtifactException.class::isInstance)
                .or(() -> cause(e, TransportException.class::isInstance))
                .map(IOException.class::cast)
                .or(() -> cause(e, Workspace::isStrange)
                        .map(odd -> strange(odd.getClass().getName() + ": " + message(odd))))
                .orElseGet(() -> new AbortException(message(e)));
    }

    /** Files end in an {@link IOException}; that of a record that could not be made of what came is none. */
    private static boolean isStrange(Throwable e) {
        return !(e instanceof IOException) || e instanceof ObjectStreamException;
    }

    private static String message(Throwable e) {
        return PlainText.oneLine(String.valueOf(e.getMessage()), MESSAGE_CHARS);
    }

    private static Optional<Throwable> cause(Throwable e, Predicate<Throwable> wanted) {
        Throwable cause = e;
        for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
            if (wanted.test(cause)) {
                return Optional.of(cause);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
