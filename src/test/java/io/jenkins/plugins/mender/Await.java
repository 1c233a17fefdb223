package io.jenkins.plugins.mender;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what happens in another thread or process. */
public final class Await {
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);

    private Await() {}

    /** Waits until a condition holds, and fails when it does not within two minutes. */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + LONGEST_NANOS;
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still not: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
