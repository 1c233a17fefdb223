package io.jenkins.plugins.mender;

import io.jenkins.plugins.mender.upload.UploadJournal;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** The journal of a Pipeline step: each entry is written with the Pipeline's own state before the upload goes on. */
final class PipelineJournal extends UploadJournal {
    private static final long serialVersionUID = 1;
    private static final Logger LOGGER = Logger.getLogger(PipelineJournal.class.getName());
    private static final long SAVE_SECONDS = 30;

    private final StepContext context;

    PipelineJournal(StepContext context) {
        this.context = context;
    }

    @Override
    protected void save() throws InterruptedException {
        try {
            context.saveState().get(SAVE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // the upload is worth more than the note of it
            LOGGER.log(Level.WARNING, "The state of an upload could not be saved", e);
        }
    }
}
