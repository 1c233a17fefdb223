package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.Token;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * How long a token is good for, by its own account: its claims can be read without the server's key.
 *
 * @param end when it expires, or null when it does not, or is no JWT
 * @param now the time to judge by
 */
public record TokenValidity(Instant end, Instant now) {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneId.systemDefault());

    /** {@return the validity of a token} */
    static TokenValidity of(Token token, Instant now) {
        return new TokenValidity(token.expiresAt().orElse(null), now);
    }

    /**
     * Reads a token as it was stored.
     *
     * @param secret the token; a text that cannot be one counts as one without end
     * @param now the time to judge by
     * @return its validity
     */
    public static TokenValidity of(String secret, Instant now) {
        try {
            return of(Token.of(secret), now);
        } catch (IllegalArgumentException e) {
            return new TokenValidity(null, now);
        }
    }

    /** {@return the day of a time, such as {@code 2026-12-07}} */
    static String day(Instant time) {
        return DAY.format(time);
    }

    /** {@return whether the token has expired} */
    public boolean isOver() {
        return end != null && !now.isBefore(end);
    }

    /** {@return whether the token has expired, or will within this time} */
    public boolean endsWithin(Duration time) {
        return end != null && now.plus(time).isAfter(end);
    }

    /** {@return such as {@code expires in 12 days (2026-12-07)}, {@code expired on 2026-11-01} or {@code never expires}} */
    public String text() {
        if (end == null) {
            return Texts.get("token.neverExpires");
        }
        String day = day(end);
        if (isOver()) {
            return Texts.get("token.expiredOn", day);
        }
        Duration left = Duration.between(now, end);
        if (left.toHours() < 1) {
            return Texts.get("token.expiresSoon", day);
        }
        return left.toDays() < 2
                ? Texts.get("token.hoursLeft", left.toHours(), day)
                : Texts.get("token.daysLeft", left.toDays(), day);
    }
}
