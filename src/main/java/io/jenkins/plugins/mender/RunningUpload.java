package io.jenkins.plugins.mender;

import hudson.EnvVars;
import hudson.init.Terminator;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** One step's upload as long as Jenkins is up: it runs in a thread of its own and ends the step once, whatever happens. */
public final class RunningUpload {
    /** How long an aborted upload gets to close its connection and to say what the server holds. */
    private static final long END_SECONDS = 5;

    private static final Map<MenderUploadExecution, RunningUpload> RUNNING = new ConcurrentHashMap<>();

    private final MenderUploadExecution execution;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final FutureTask<Void> task;
    private volatile Throwable stopped;
    private volatile boolean suspended;

    private RunningUpload(MenderUploadExecution execution) {
        this.execution = execution;
        this.task = new FutureTask<>(this::run, null);
    }

    /** Begins or goes on with the upload of a step. */
    static void begin(MenderUploadExecution execution) {
        RunningUpload upload = new RunningUpload(execution);
        RUNNING.put(execution, upload);
        Computer.threadPoolForRemoting.execute(upload.task);
    }

    /** Interrupts the upload of a step and has the step end with a cause. */
    static void stop(MenderUploadExecution execution, Throwable cause) {
        RunningUpload upload = RUNNING.get(execution);
        if (upload == null) {
            execution.getContext().onFailure(cause);
            return;
        }
        upload.stopped = cause;
        upload.task.cancel(true);
        Timer.get().schedule(() -> upload.fail(cause), END_SECONDS, TimeUnit.SECONDS);
    }

    /** Breaks all uploads off before Jenkins goes down, so that connections are closed and nothing is reported as failed. */
    @Terminator
    public static void suspendAll() {
        for (RunningUpload upload : RUNNING.values()) {
            upload.suspended = true;
            upload.task.cancel(true);
        }
    }

    private void run() {
        try {
            StepContext context = execution.getContext();
            TaskListener listener = context.get(TaskListener.class);
            Workspace workspace = new PipelineWorkspace(execution.place(), context, listener);
            workspace.get();
            UploadRunner runner = new UploadRunner(
                    context.get(Run.class), workspace, context.get(EnvVars.class), listener, execution.journal());
            List<MenderUploadResult> results = runner.upload(execution.settings());
            end(() -> context.onSuccess(results));
        } catch (Throwable e) { // whatever it is, the Pipeline must not wait for ever
            fail(stopped == null ? e : stopped);
        } finally {
            RUNNING.remove(execution, this);
        }
    }

    private void fail(Throwable cause) {
        if (!suspended) {
            end(() -> execution.getContext().onFailure(cause));
        }
    }

    private void end(Runnable outcome) {
        if (ended.compareAndSet(false, true)) {
            outcome.run();
        }
    }
}
