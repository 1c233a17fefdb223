package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.http.TransportException.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Repeats requests that failed in a way which may pass: each time later, each time said in the log. */
final class Retry {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /** The longest wait that a server may ask for. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(10);

    private final int maxAttempts;
    private final MenderServer server;
    private final Pacing pacing;
    private final UploadLog log;

    /** A request that may be made several times without harm. */
    @FunctionalInterface
    interface Call<T> {
        T make() throws ApiError, TransportException, InterruptedException;
    }

    Retry(int maxAttempts, MenderServer server, Pacing pacing, UploadLog log) {
        this.maxAttempts = maxAttempts;
        this.server = server;
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
                if (!again(Setback.of(e, Long.MAX_VALUE, pacing.now()), attempt)) {
                    throw e;
                }
            } catch (TransportException e) {
                if (!again(Setback.of(e, Long.MAX_VALUE, FailureReport.gist(server, e)), attempt)) {
                    throw e;
                }
            }
        }
    }

    /** Waits for the next attempt where there is to be one. {@return whether there is} */
    private boolean again(Setback setback, int attempt) throws InterruptedException {
        boolean again = setback.passing() && !isLast(attempt);
        if (again) {
            pause(setback, attempt);
        }
        return again;
    }

    /** {@return whether there is no attempt left after this one; the first is 1} */
    boolean isLast(int attempt) {
        return attempt >= maxAttempts;
    }

    /** Tells of a setback and waits until it is time for the next attempt. */
    void pause(Setback setback, int attempt) throws InterruptedException {
        Duration wait = wait(setback, attempt);
        log.line(Texts.get("log.retry", setback.words(), attempt + 1, maxAttempts, Texts.time(wait)));
        pacing.pause(wait);
    }

    /** Tells of a setback after the last attempt, and gives the server the time of another one to finish. */
    void pauseBeforeLooking(Setback setback, int attempt) throws InterruptedException {
        Duration wait = wait(setback, attempt);
        log.line(Texts.get("log.look", setback.words(), Texts.time(wait)));
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

    /**
     * A request that failed, judged by its status or by where it broke off, never by words.
     *
     * @param words what happened, a sentence without its end
     * @param passing whether the same request may work a little later
     * @param perhapsArrived whether the whole file went out, so that the server may have stored it all the same
     * @param consentRefused whether it may be the asking for consent that failed: the file was not sent to its end
     * @param retryAfter how long the server asks to be left alone, empty when it does not ask
     */
    record Setback(
            String words,
            boolean passing,
            boolean perhapsArrived,
            boolean consentRefused,
            Optional<Duration> retryAfter) {
        private static final int EXPECTATION_FAILED = 417;
        private static final int BAD_GATEWAY = 502;

        /** What nginx and Traefik call a request that they gave up themselves. */
        private static final int CLIENT_CLOSED = 499;

        private static final Set<Integer> PASSING = Set.of(408, 425, 429, CLIENT_CLOSED, 500, BAD_GATEWAY, 503, 504);
        private static final Set<Integer> TIMEOUTS = Set.of(408, CLIENT_CLOSED, 504);
        private static final Set<Failure> LASTING =
                Set.of(Failure.NOT_TRUSTED, Failure.PROXY_LOGIN, Failure.FILE, Failure.AGENT_GONE);

        /** {@return whether a gateway gave up by the clock, as Mender Servers never do} */
        static boolean isGatewayTimeout(ApiError error) {
            return TIMEOUTS.contains(error.status());
        }

        /**
         * Judges an answer.
         *
         * @param error the answer
         * @param size the size of the file that was to be sent, in bytes; {@link Long#MAX_VALUE} for a request without one
         * @param now the time of the answer
         */
        static Setback of(ApiError error, long size, Instant now) {
            int status = error.status();
            boolean passing = PASSING.contains(status);
            boolean whole = error.sentBytes() >= size;
            boolean mayHaveActed = passing || status >= 500 || status < 300;
            return new Setback(
                    FailureReport.answerLine(error) + ".",
                    passing,
                    whole && mayHaveActed || status < 300,
                    !whole && (status == BAD_GATEWAY || status == EXPECTATION_FAILED),
                    error.retryAfter(now));
        }

        /**
         * Judges a request that was not answered.
         *
         * @param e how it ended
         * @param size as for an answer
         * @param words what to say of it
         */
        static Setback of(TransportException e, long size, String words) {
            boolean whole = e.wholeBodySent() || e.sentBytes() >= size;
            return new Setback(
                    words,
                    !LASTING.contains(e.failure()),
                    whole,
                    !whole && e.failure() == Failure.CUT,
                    Optional.empty());
        }
    }
}
