package io.jenkins.plugins.mender.simulator;

import io.jenkins.plugins.mender.upload.Pacing;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A clock that stands still, however long the machine takes: nothing but waits moves it, which take no time and can be looked at
 * afterwards. It begins at a whole second, as the times in tokens are.
 */
public final class FastPacing implements Pacing {
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private volatile Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private boolean held;
    private volatile Runnable duringPause = () -> {};

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public synchronized void pause(Duration wait) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        pauses.add(wait);
        now = now.plus(wait);
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
    public synchronized void skip(Duration time) {
        now = now.plus(time);
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
