package io.jenkins.plugins.mender.simulator;

import io.jenkins.plugins.mender.upload.Pacing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Time in which waits take no time: they only move the clock, and can be looked at afterwards. */
public final class FastPacing implements Pacing {
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private volatile Duration skipped = Duration.ZERO;
    private boolean held;
    private volatile Runnable duringPause = () -> {};

    @Override
    public Instant now() {
        return Instant.now().plus(skipped);
    }

    @Override
    public synchronized void pause(Duration wait) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        pauses.add(wait);
        skipped = skipped.plus(wait);
        duringPause.run();
        notifyAll();
        while (held) {
            wait();
        }
    }

    /** Lets no wait end from now on, or ends them all. */
    public synchronized void hold(boolean hold) {
        held = hold;
        notifyAll();
    }

    /** Waits until an upload waits. */
    public synchronized void awaitPause() throws InterruptedException {
        while (pauses.isEmpty()) {
            wait();
        }
    }

    @Override
    public double spread() {
        return 1;
    }

    /** Lets time pass. */
    public void skip(Duration time) {
        skipped = skipped.plus(time);
    }

    /** Does this during each wait from now on. */
    public void duringPause(Runnable action) {
        duringPause = action;
    }

    /** {@return the waits so far} */
    public List<Duration> pauses() {
        return List.copyOf(pauses);
    }
}
