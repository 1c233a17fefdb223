package io.jenkins.plugins.mender;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * What a Pipeline keeps of {@link MenderUploadStep} when Jenkins goes down. When it is back the upload goes on from its journal:
 * what arrived is not sent again.
 */
final class MenderUploadExecution extends StepExecution {
    private static final long serialVersionUID = 1;

    private final UploadSettings settings;
    private final PipelineJournal journal;
    private final PipelineWorkspace.Place place;
    private transient RunningUpload upload;

    MenderUploadExecution(StepContext context, UploadSettings settings) throws IOException, InterruptedException {
        super(context);
        this.settings = settings;
        this.journal = new PipelineJournal(context);
        this.place = PipelineWorkspace.Place.of(context.get(FilePath.class));
    }

    /** {@return the step's parameters} */
    UploadSettings settings() {
        return settings;
    }

    /** {@return what is known of the step's files} */
    PipelineJournal journal() {
        return journal;
    }

    /** {@return where the step's workspace lies} */
    PipelineWorkspace.Place place() {
        return place;
    }

    @Override
    public boolean start() {
        upload().begin();
        return false;
    }

    @Override
    public void onResume() {
        upload().begin();
    }

    @Override
    public void stop(@NonNull Throwable cause) {
        upload().stop(cause);
    }

    /** {@return the step's upload, a new one after a restart; a stop may ask for it before {@link #onResume()} does} */
    private synchronized RunningUpload upload() {
        if (upload == null) {
            upload = new RunningUpload(this);
        }
        return upload;
    }
}
