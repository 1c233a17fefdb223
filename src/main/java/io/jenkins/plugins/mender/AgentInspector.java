package io.jenkins.plugins.mender;

import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.mender.api.ArtifactFile;
import io.jenkins.plugins.mender.artifact.ArtifactContents;
import io.jenkins.plugins.mender.artifact.ArtifactException;
import io.jenkins.plugins.mender.upload.Inspector;
import io.jenkins.plugins.mender.upload.Verify;
import java.io.File;
import java.io.IOException;
import jenkins.agents.ControllerToAgentFileCallable;

/** Reads Artifacts on the machine where the workspace lies, and brings back what they say, not what they carry. */
final class AgentInspector implements Inspector {
    private final Workspace workspace;

    AgentInspector(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public ArtifactContents inspect(ArtifactFile file, Verify verify) throws IOException, InterruptedException {
        try {
            return workspace.act(ArtifactContents.class, new Inspection(file, verify));
        } catch (ArtifactException e) {
            if (e.problem() == null || e.part() == null || e.detail() == null) {
                throw Workspace.strange(ArtifactException.class.getSimpleName());
            }
            throw new ArtifactException(e.problem(), e.part(), e.detail());
        }
    }

    private record Inspection(ArtifactFile file, Verify verify)
            implements ControllerToAgentFileCallable<ArtifactContents> {
        private static final long serialVersionUID = 1;

        @Override
        public ArtifactContents invoke(File workspace, VirtualChannel channel) throws IOException {
            return Inspector.local(file, verify);
        }
    }
}
