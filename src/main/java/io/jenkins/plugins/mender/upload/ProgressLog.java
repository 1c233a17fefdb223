package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.http.Transport;
import java.time.Duration;
import java.time.Instant;

/**
 * Tells in the log how far a file has come: at each tenth, never more often than every 5 seconds, and at least every minute;
 * then how long the server has been taking to answer. A file that is sent within 5 seconds has no such line.
 */
final class ProgressLog implements Transport.Listener {
    private static final Duration MOST_OFTEN = Duration.ofSeconds(5);
    private static final Duration LEAST_OFTEN = Duration.ofMinutes(1);

    private final long size;
    private final Pacing pacing;
    private final UploadLog log;
    private final Instant begin;
    private Instant lastLine;
    private Instant wholeBodySent;
    private long lastTenth;
    private boolean spoken;

    /**
     * Begins now.
     *
     * @param size the file's size in bytes
     */
    ProgressLog(long size, Pacing pacing, UploadLog log) {
        this.size = size;
        this.pacing = pacing;
        this.log = log;
        this.begin = pacing.now();
        this.lastLine = begin;
    }

    @Override
    public synchronized void at(long sentBytes, boolean isWholeBodySent) {
        Instant now = pacing.now();
        if (isWholeBodySent) {
            waiting(now);
        } else {
            sending(now, sentBytes);
        }
    }

    private void sending(Instant now, long sent) {
        Duration silence = Duration.between(lastLine, now);
        long tenth = size == 0 ? 0 : sent * 10 / size;
        boolean due = tenth > lastTenth ? isAtLeast(silence, MOST_OFTEN) : isAtLeast(silence, LEAST_OFTEN);
        if (!due) {
            return;
        }
        lastTenth = tenth;
        long millis = Math.max(1, Duration.between(begin, now).toMillis());
        double bytesPerMilli = (double) sent / millis;
        String left = sent == 0
                ? ""
                : Texts.get("log.left", Figures.time(Duration.ofMillis((long) ((size - sent) / bytesPerMilli))));
        say(
                now,
                Texts.get(
                        "log.progress",
                        size == 0 ? 0 : sent * 100 / size,
                        Figures.part(sent, size),
                        Figures.size((long) (bytesPerMilli * 1000)),
                        left));
    }

    private void waiting(Instant now) {
        if (wholeBodySent == null) {
            wholeBodySent = now;
        }
        Duration silence = Duration.between(lastLine, now);
        if (!spoken && isAtLeast(silence, MOST_OFTEN) || spoken && wholeBodySent.isAfter(lastLine)) {
            say(now, Texts.get("log.sent", Figures.time(Duration.between(begin, wholeBodySent))));
            lastLine = wholeBodySent;
        } else if (isAtLeast(silence, LEAST_OFTEN)) {
            say(now, Texts.get("log.waiting", Figures.time(Duration.between(wholeBodySent, now))));
        }
    }

    private void say(Instant now, String line) {
        log.line(line);
        lastLine = now;
        spoken = true;
    }

    private static boolean isAtLeast(Duration one, Duration other) {
        return one.compareTo(other) >= 0;
    }
}
