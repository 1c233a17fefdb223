package io.jenkins.plugins.mender.agent;

import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.mender.artifact.ArtifactContents;
import io.jenkins.plugins.mender.artifact.ArtifactException;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.artifact.Inspector;
import java.io.File;
import java.io.IOException;
import jenkins.agents.ControllerToAgentFileCallable;

/** Reads Artifacts on the machine where the workspace lies, and brings back what they say, not what they carry. */
public final class AgentInspector implements Inspector {
    private final Workspace workspace;

    public AgentInspector(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public ArtifactContents inspect(ArtifactFile file, boolean full) throws IOException, InterruptedException {
        try {
            return workspace.act(ArtifactContents.class, new Inspection(file, full));
        } catch (ArtifactException e) {
            if (e.problem() == null || e.part() == null || e.detail() == null) {
                throw Workspace.strange(ArtifactException.class.getSimpleName());
            }
            throw new ArtifactException(e.problem(), e.part(), e.detail());
        }
    }

    private record Inspection(ArtifactFile file, boolean full)
            implements ControllerToAgentFileCallable<ArtifactContents> {
        private static final long serialVersionUID = 1;

        @Override
        public ArtifactContents invoke(File workspace, VirtualChannel channel) throws IOException {
            return Inspector.local(file, full);
        }
    }
}
