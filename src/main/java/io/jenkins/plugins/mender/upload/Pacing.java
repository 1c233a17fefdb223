package io.jenkins.plugins.mender.upload;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** The time of an upload: what it is, and how to let some of it pass. */
public interface Pacing {
    /** {@return the time that it is} */
    Instant now();

    /**
     * Waits.
     *
     * @param wait how long
     * @throws InterruptedException when the thread was interrupted
     */
    void pause(Duration wait) throws InterruptedException;

    /** {@return a number from 0 to 1 that spreads the waits of builds which were refused at the same moment} */
    double spread();

    /** {@return real time} */
    static Pacing real() {
        return new Pacing() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public void pause(Duration wait) throws InterruptedException {
                Thread.sleep(wait.toMillis());
            }

            @Override
            public double spread() {
                return ThreadLocalRandom.current().nextDouble();
            }
        };
    }
}
