package io.jenkins.plugins.mender;

import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.remoting.Channel;
import hudson.remoting.VirtualChannel;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;

/**
 * The workspace of a Pipeline step, which outlives the connection to its agent and a restart of Jenkins: it is waited for, as
 * the step {@code sh} does. If the agent is removed, the enclosing {@code node} ends the wait.
 */
final class PipelineWorkspace implements Workspace, Serializable {
    private static final long serialVersionUID = 1;
    private static final long LOOK_MILLIS = TimeUnit.SECONDS.toMillis(1);

    /** The agent's name, empty for the built-in node; null where the workspace is on none of Jenkins' computers. */
    private final String node;

    private final String path;
    private final transient FilePath workspace;
    private transient TaskListener listener;

    /**
     * Remembers a workspace.
     *
     * @param workspace the workspace, its agent connected
     */
    PipelineWorkspace(FilePath workspace) {
        Computer computer = workspace.toComputer();
        this.node = computer == null ? null : computer.getName();
        this.path = workspace.getRemote();
        this.workspace = workspace;
    }

    /** Sets where to tell of a wait. */
    PipelineWorkspace toldTo(TaskListener log) {
        listener = log;
        return this;
    }

    @Override
    public FilePath get() throws InterruptedException {
        if (node == null && workspace != null) {
            return workspace;
        }
        boolean told = false;
        while (true) {
            Computer computer = node == null ? null : Jenkins.get().getComputer(node);
            VirtualChannel channel = computer == null ? null : computer.getChannel();
            if (channel != null && !(channel instanceof Channel remote && remote.isClosingOrClosed())) {
                return new FilePath(channel, path);
            }
            if (!told) {
                new BuildLog(listener).line(Messages.Workspace_waiting(node));
                told = true;
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }
}
