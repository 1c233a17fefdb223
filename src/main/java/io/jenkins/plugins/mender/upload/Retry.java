package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.http.TransportException;
import java.time.Duration;

/** Repeats requests that failed in a way which may pass: each time later, each time said in the log. */
final class Retry {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /** The longest wait that a server may ask for. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(10);

    private final int maxAttempts;
    private final FailureReport failures;
    private final Pacing pacing;
    private final UploadLog log;

    /** A request that may be made several times without harm. */
    @FunctionalInterface
    interface Call<T> {
        T make() throws ApiError, TransportException, InterruptedException;
    }

    Retry(int maxAttempts, FailureReport failures, Pacing pacing, UploadLog log) {
        this.maxAttempts = maxAttempts;
        this.failures = failures;
        this.pacing = pacing;
        this.log = log;
    }

    /**
     * Makes a small request, again where that may help.
     *
     * @throws ApiError the last answer, when it is no good one
     * @throws TransportException when the last request was not answered
     * @throws InterruptedException when the thread was interrupted
     */
    <T> T call(Call<T> call) throws ApiError, TransportException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return call.make();
            } catch (ApiError e) {
                Setback setback = Setback.of(e, Long.MAX_VALUE, pacing.now());
                if (!setback.passing() || isLast(attempt)) {
                    throw e;
                }
                pause(setback, attempt);
            } catch (TransportException e) {
                Setback setback = Setback.of(e, Long.MAX_VALUE, failures.gist(e));
                if (!setback.passing() || isLast(attempt)) {
                    throw e;
                }
                pause(setback, attempt);
            }
        }
    }

    /** {@return whether there is no attempt left after this one; the first is 1} */
    boolean isLast(int attempt) {
        return attempt >= maxAttempts;
    }

    /** Tells of a setback and waits until it is time for the next attempt. */
    void pause(Setback setback, int attempt) throws InterruptedException {
        Duration wait = wait(setback, attempt);
        log.line(Texts.get("log.retry", setback.words(), attempt + 1, maxAttempts, Figures.time(wait)));
        pacing.pause(wait);
    }

    /** Tells of a setback after the last attempt, and gives the server the time of another one to finish. */
    void pauseBeforeLooking(Setback setback, int attempt) throws InterruptedException {
        Duration wait = wait(setback, attempt);
        log.line(Texts.get("log.look", setback.words(), Figures.time(wait)));
        pacing.pause(wait);
    }

    /** Between half and the whole of a time that doubles, or what the server asks for. */
    private Duration wait(Setback setback, int attempt) {
        if (setback.retryAfter().isPresent()) {
            Duration asked = setback.retryAfter().get();
            return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
        }
        int doublings = Math.min(attempt - 1, 30);
        long millis = Math.min(LONGEST_WAIT.toMillis(), FIRST_WAIT.toMillis() << doublings);
        return Duration.ofMillis((long) (millis * (1 + pacing.spread()) / 2));
    }
}
