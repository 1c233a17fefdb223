package io.jenkins.plugins.mender;

import hudson.EnvVars;
import hudson.init.Terminator;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.mender.agent.Workspace;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * One step's upload as long as Jenkins is up. It runs in a thread of its own and ends the step once, in whatever order it is begun,
 * stopped and done: Jenkins may stop a step before it resumes it. What was stopped ends with the cause of that, and does not begin.
 */
public final class RunningUpload {
    /** How long an aborted upload gets to close its connection and to say what the server holds. */
    private static final long END_SECONDS = 5;

    /** Those that have a thread. */
    private static final Set<RunningUpload> RUNNING = ConcurrentHashMap.newKeySet();

    /** Tests hold threads back. */
    private static volatile Executor threads = Computer.threadPoolForRemoting;

    private final MenderUploadExecution execution;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile Throwable stopped;
    private volatile boolean suspended;

    /** Who may be interrupted: set while the upload works, and no longer when its end is reported. */
    private Thread thread;

    RunningUpload(MenderUploadExecution execution) {
        this.execution = execution;
    }

    /** Sets what gives uploads their threads, for tests. */
    static void setThreads(Executor other) {
        threads = other;
    }

    /** Begins or goes on with the upload, unless it was stopped already. */
    void begin() {
        threads.execute(this::run);
    }

    /** Interrupts the upload and has the step end with a cause; the first one counts. */
    void stop(Throwable cause) {
        if (interrupt(cause)) {
            Timer.get().schedule(() -> fail(cause), END_SECONDS, TimeUnit.SECONDS);
        } else {
            fail(cause);
        }
    }

    /** Breaks all uploads off before Jenkins goes down, so that connections are closed and nothing is reported as failed. */
    @Terminator
    public static void suspendAll() {
        for (RunningUpload upload : RUNNING) {
            upload.suspended = true;
            upload.interrupt(null);
        }
    }

    private void run() {
        RUNNING.add(this);
        try {
            if (enter()) {
                List<MenderUploadResult> results = upload();
                leave();
                succeed(results);
            }
        } catch (Throwable e) { // whatever it is, the Pipeline must not wait for ever
            leave();
            fail(e);
        } finally {
            RUNNING.remove(this);
        }
    }

    private List<MenderUploadResult> upload() throws IOException, InterruptedException {
        StepContext context = execution.getContext();
        TaskListener listener = context.get(TaskListener.class);
        Workspace workspace = new PipelineWorkspace(execution.place(), context, listener);
        workspace.get();
        UploadRunner runner = new UploadRunner(
                context.get(Run.class), workspace, context.get(EnvVars.class), listener, execution.journal());
        return runner.upload(execution.settings());
    }

    /** {@return whether there is anything to do: not for a step that was stopped, nor when Jenkins goes down} */
    private synchronized boolean enter() {
        if (stopped != null || suspended) {
            return false;
        }
        thread = Thread.currentThread();
        return true;
    }

    /** From here on nobody interrupts: what reports a step's end reads files, and an interrupt would keep it from that. */
    private synchronized void leave() {
        thread = null;
        Thread.interrupted();
    }

    /** {@return whether there is a thread that works, and ends the step when it notices} */
    private synchronized boolean interrupt(Throwable cause) {
        if (stopped == null) {
            stopped = cause;
        }
        if (thread == null) {
            return false;
        }
        thread.interrupt();
        return true;
    }

    private void succeed(List<MenderUploadResult> results) {
        if (stopped != null) {
            fail(stopped);
        } else if (ended.compareAndSet(false, true)) {
            execution.getContext().onSuccess(results);
        }
    }

    private void fail(Throwable problem) {
        Throwable cause = stopped == null ? problem : stopped;
        boolean report = stopped != null || !suspended;
        if (report && ended.compareAndSet(false, true)) {
            execution.getContext().onFailure(cause);
        }
    }
}
