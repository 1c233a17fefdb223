package io.jenkins.plugins.mender;

import hudson.model.Computer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives uploads their threads when a test wants them to begin, and knows how many have not ended. */
final class HeldThreads implements Executor, AutoCloseable {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final AtomicInteger open = new AtomicInteger();
    private boolean held;

    HeldThreads() {
        RunningUpload.setThreads(this);
    }

    @Override
    public synchronized void execute(Runnable upload) {
        open.incrementAndGet();
        waiting.add(() -> {
            try {
                upload.run();
            } finally {
                open.decrementAndGet();
            }
        });
        if (!held) {
            release();
        }
    }

    /** Has uploads wait for {@link #release()} from now on. */
    synchronized void hold() {
        held = true;
    }

    /** Has the uploads that wait begin, and those to come at once. */
    synchronized void release() {
        held = false;
        while (!waiting.isEmpty()) {
            Computer.threadPoolForRemoting.execute(waiting.remove());
        }
    }

    /** {@return how many uploads have been given to a thread and have not ended} */
    int open() {
        return open.get();
    }

    /** Waits until no upload is left. */
    void awaitNone() throws Exception {
        Await.until("no upload's thread stays behind", () -> open() == 0);
    }

    @Override
    public void close() {
        release();
        RunningUpload.setThreads(Computer.threadPoolForRemoting);
    }
}
