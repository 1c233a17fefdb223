package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.http.TransportException.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

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
        String words, boolean passing, boolean perhapsArrived, boolean consentRefused, Optional<Duration> retryAfter) {
    private static final int EXPECTATION_FAILED = 417;
    private static final int BAD_GATEWAY = 502;

    /** What nginx and Traefik call a request that they gave up themselves. */
    private static final int CLIENT_CLOSED = 499;

    private static final Set<Integer> PASSING = Set.of(408, 425, 429, CLIENT_CLOSED, 500, BAD_GATEWAY, 503, 504);
    private static final Set<Integer> TIMEOUTS = Set.of(408, CLIENT_CLOSED, 504);
    private static final Set<Failure> LASTING = Set.of(Failure.NOT_TRUSTED, Failure.PROXY_LOGIN, Failure.FILE);

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
                words, !LASTING.contains(e.failure()), whole, !whole && e.failure() == Failure.CUT, Optional.empty());
    }
}
