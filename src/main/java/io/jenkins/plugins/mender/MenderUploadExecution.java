package io.jenkins.plugins.mender;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;

/** Runs {@link MenderUploadStep} outside the Pipeline's own thread. */
final class MenderUploadExecution extends SynchronousNonBlockingStepExecution<List<MenderUploadResult>> {
    private static final long serialVersionUID = 1;

    private final UploadSettings settings;

    MenderUploadExecution(StepContext context, UploadSettings settings) {
        super(context);
        this.settings = settings;
    }

    @Override
    protected List<MenderUploadResult> run() throws Exception {
        StepContext context = getContext();
        return new UploadRunner(
                        context.get(Run.class),
                        context.get(FilePath.class),
                        context.get(EnvVars.class),
                        context.get(TaskListener.class))
                .upload(settings);
    }
}
