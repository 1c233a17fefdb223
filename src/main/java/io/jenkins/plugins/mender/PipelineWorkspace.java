package io.jenkins.plugins.mender;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.TaskListener;
import hudson.remoting.Channel;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.mender.agent.Workspace;
import java.io.IOException;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * The workspace of a Pipeline step, which outlives the connection to its agent and a restart of Jenkins: it is waited for, as
 * the step {@code sh} does. If the agent is removed, the enclosing {@code node} ends the wait.
 */
final class PipelineWorkspace implements Workspace {
    private static final long LOOK_MILLIS = TimeUnit.SECONDS.toMillis(1);

    private final Place place;
    private final StepContext context;
    private final TaskListener listener;

    /**
     * Where a workspace lies.
     *
     * @param node the agent's name, empty for the built-in node; null where it is on none of Jenkins' computers
     * @param path the workspace's path there
     */
    record Place(String node, String path) implements Serializable {
        private static final long serialVersionUID = 1;

        static Place of(FilePath workspace) {
            Computer computer = workspace.toComputer();
            return new Place(computer == null ? null : computer.getName(), workspace.getRemote());
        }
    }

    PipelineWorkspace(Place place, StepContext context, TaskListener listener) {
        this.place = place;
        this.context = context;
        this.listener = listener;
    }

    @Override
    public FilePath get() throws IOException, InterruptedException {
        if (place.node() == null) {
            FilePath workspace = context.get(FilePath.class);
            if (workspace == null) {
                throw new AbortException(Messages.Workspace_lost());
            }
            return workspace;
        }
        boolean told = false;
        while (true) {
            Computer computer = Jenkins.get().getComputer(place.node());
            VirtualChannel channel = computer == null ? null : computer.getChannel();
            if (channel != null && !(channel instanceof Channel remote && remote.isClosingOrClosed())) {
                return new FilePath(channel, place.path());
            }
            if (!told) {
                new BuildLog(listener).line(Messages.Workspace_waiting(place.node()));
                told = true;
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }
}
