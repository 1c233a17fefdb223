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
        MenderUploadStep.Execution.setThreads(this);
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
        hold(held);
    }

    /** Has uploads wait for their threads from now on, or gives all of them one. */
    synchronized void hold(boolean hold) {
        held = hold;
        while (!held && !waiting.isEmpty()) {
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
        hold(false);
        MenderUploadStep.Execution.setThreads(Computer.threadPoolForRemoting);
    }
}
