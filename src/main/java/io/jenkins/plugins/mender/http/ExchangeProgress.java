package io.jenkins.plugins.mender.http;

import java.util.concurrent.TimeUnit;

/** How far one exchange has come; written by the thread that makes it, read by the one that watches. */
final class ExchangeProgress {
    private volatile long sentBytes;
    private volatile long lastMove = System.nanoTime();
    private volatile boolean wholeBodySent;

    /** Notes that bytes of the file went out. */
    void sent(long bytes) {
        sentBytes = bytes;
        lastMove = System.nanoTime();
    }

    /** Notes that the whole body went out and the server's answer is all that is missing. */
    void wholeBodySent() {
        lastMove = System.nanoTime();
        wholeBodySent = true;
    }

    long sentBytes() {
        return sentBytes;
    }

    boolean isWholeBodySent() {
        return wholeBodySent;
    }

    /** {@return nanoseconds since something moved} */
    long silentNanos() {
        return System.nanoTime() - lastMove;
    }

    /** {@return nanoseconds left until the exchange has been silent for too long} */
    long nanosLeft(ConnectionSettings settings) {
        long limit = (wholeBodySent ? settings.answerTimeout() : settings.stallTimeout()).toNanos();
        return Math.max(0, limit - silentNanos()) + TimeUnit.MILLISECONDS.toNanos(1);
    }

    boolean isOverdue(ConnectionSettings settings) {
        return silentNanos() >= (wholeBodySent ? settings.answerTimeout() : settings.stallTimeout()).toNanos();
    }
}
