package io.jenkins.plugins.mender;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.init.Terminator;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Runs {@link MenderUploadStep} outside the Pipeline's own thread. When Jenkins goes down the upload is broken off, and when it
 * is back the upload goes on from its journal: what arrived is not sent again.
 */
final class MenderUploadExecution extends StepExecution {
    private static final long serialVersionUID = 1;

    /** How long an aborted upload gets to close its connection and to say what the server holds. */
    private static final long END_SECONDS = 5;

    private static final Set<MenderUploadExecution> RUNNING = ConcurrentHashMap.newKeySet();

    private final UploadSettings settings;
    private final PipelineJournal journal;
    private PipelineWorkspace workspace;
    private transient volatile Future<?> upload;
    private transient volatile Throwable stopped;
    private transient volatile boolean suspended;
    private transient AtomicBoolean ended;

    MenderUploadExecution(StepContext context, UploadSettings settings) {
        super(context);
        this.settings = settings;
        this.journal = new PipelineJournal(context);
    }

    @Override
    public boolean start() throws Exception {
        workspace = new PipelineWorkspace(getContext().get(FilePath.class));
        begin();
        return false;
    }

    @Override
    public void onResume() {
        begin();
    }

    private void begin() {
        ended = new AtomicBoolean();
        RUNNING.add(this);
        upload = Computer.threadPoolForRemoting.submit(this::run);
    }

    private void run() {
        try {
            StepContext context = getContext();
            TaskListener listener = context.get(TaskListener.class);
            workspace.toldTo(listener).get();
            UploadRunner runner =
                    new UploadRunner(context.get(Run.class), workspace, context.get(EnvVars.class), listener, journal);
            List<MenderUploadResult> results = runner.upload(settings);
            end(() -> context.onSuccess(results));
        } catch (Throwable e) { // whatever it is, the Pipeline must not wait for ever
            if (!suspended) {
                end(() -> getContext().onFailure(stopped == null ? e : stopped));
            }
        } finally {
            RUNNING.remove(this);
        }
    }

    private void end(Runnable outcome) {
        if (ended.compareAndSet(false, true)) {
            outcome.run();
        }
    }

    @Override
    public void stop(@NonNull Throwable cause) {
        stopped = cause;
        upload.cancel(true);
        Timer.get().schedule(() -> end(() -> getContext().onFailure(cause)), END_SECONDS, TimeUnit.SECONDS);
    }

    /** Breaks all uploads off before Jenkins goes down, so that connections are closed and nothing is reported as failed. */
    @Terminator
    public static void suspendAll() {
        for (MenderUploadExecution execution : RUNNING) {
            execution.suspended = true;
            execution.upload.cancel(true);
        }
    }
}
