package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.http.Redaction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A token for Mender's management API: a personal access token or a session token. Both are JWTs whose claims can be read
 * without the server's key; a text that is no JWT is accepted too, since only the server can judge it.
 */
public final class Token {
    private static final String MENDER_ISSUER = "mender";
    private static final int TEXT_LIMIT = 64;

    /** The year 9999, beyond which dates cannot be written. */
    private static final long LAST_SECOND = 253_402_300_799L;

    /** A JWT, whose header is a JSON object and thus begins with these characters. */
    private static final Pattern JWT = Pattern.compile("eyJ[\\w-]{5,}\\.[\\w-]{8,}\\.[\\w-]{8,}");

    private static final Pattern WRAPPED =
            Pattern.compile("(?i:(?:authorization:)?\\s*bearer\\s+)?[\"'\\s]*(" + JWT + ")(?:[\"'\\s]|\\\\[rn])*");

    /** What can stand in a header as a token, and is none of the marks that a token is wrapped in. */
    private static final Pattern BEARER = Pattern.compile("[\\x21-\\x7e&&[^\"'{}\\[\\]<>\\\\]]+");

    private final String value;
    private final JsonNode claims;
    private final Redaction redaction;

    private Token(String value, JsonNode claims, Redaction redaction) {
        this.value = value;
        this.claims = claims;
        this.redaction = redaction;
    }

    /**
     * Takes a token as a user stored it. What is around a JWT and cannot be part of one is left out: white space, quotes, a line end that was
     * written out, the word before it in a header.
     *
     * @param text the token
     * @return the token
     * @throws IllegalArgumentException when it is empty, or what cannot stand in an HTTP header as a token
     */
    public static Token of(String text) {
        String value = text.strip();
        Matcher wrapped = WRAPPED.matcher(value);
        if (wrapped.matches()) {
            value = wrapped.group(1);
        }
        if (!BEARER.matcher(value).matches()) {
            throw new IllegalArgumentException("not usable as a bearer token");
        }
        return new Token(value, readClaims(value), new Redaction(value));
    }

    /** {@return whether something in a text has the form of a token} */
    public static boolean isIn(String text) {
        return JWT.matcher(text).find();
    }

    /** {@return everything in a text that has the form of a token} */
    static String[] allIn(String text) {
        return JWT.matcher(text).results().map(MatchResult::group).toArray(String[]::new);
    }

    private static JsonNode readClaims(String value) {
        String[] parts = value.split("\\.", -1);
        try {
            byte[] claims = Base64.getUrlDecoder().decode(parts.length == 3 ? parts[1] : "");
            return Json.parse(new String(claims, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return MissingNode.getInstance();
        }
    }

    /** {@return whether the text has the form of a JWT with readable claims} */
    public boolean isJwt() {
        return claims.isObject();
    }

    /** {@return when the token expires, from its claim {@code exp}; empty when it never does or is no JWT} */
    public Optional<Instant> expiresAt() {
        return instant("exp");
    }

    /**
     * Whether the token has expired.
     *
     * @param now the time to judge by
     * @return false also when it never does, or is no JWT
     */
    public boolean isExpired(Instant now) {
        return expiresAt().filter(end -> !now.isBefore(end)).isPresent();
    }

    /** {@return the plan of the token's account ({@code mender.plan}, which hosted Mender writes); empty when it does not say} */
    public String plan() {
        return text("mender.plan");
    }

    /** {@return the id of the account that the token belongs to ({@code mender.tenant}); empty when it does not say} */
    public String tenant() {
        return text("mender.tenant");
    }

    /** {@return the token's own id ({@code jti}), by which Mender lists it; empty when it does not say} */
    public String id() {
        return text("jti");
    }

    /** {@return the id of the token's user ({@code sub}); empty when it does not say} */
    public String userId() {
        return text("sub");
    }

    /** {@return when the token was issued ({@code iat}); empty when it does not say} */
    public Optional<Instant> issuedAt() {
        return instant("iat");
    }

    /** {@return whether the token claims to come from a Mender Server ({@code iss} is {@code mender.useradm} there)} */
    public boolean isIssuedByMender() {
        return claims.path("iss").asText("").toLowerCase(Locale.ROOT).startsWith(MENDER_ISSUER);
    }

    private Optional<Instant> instant(String claim) {
        JsonNode seconds = claims.path(claim);
        return seconds.isNumber() && seconds.canConvertToLong()
                ? Optional.of(Instant.ofEpochSecond(Math.min(Math.max(seconds.asLong(), 0), LAST_SECOND)))
                : Optional.empty();
    }

    private String text(String claim) {
        return PlainText.oneLine(claims.path(claim).asText(""), TEXT_LIMIT);
    }

    /** {@return the token itself, to be kept as credentials and nowhere else; a secret} */
    public String value() {
        return value;
    }

    /** {@return the value of the {@code Authorization} header; a secret} */
    String authorization() {
        return "Bearer " + value;
    }

    /** {@return the same token, whose redaction hides other secrets too: those that it was bought with} */
    Token hiding(String... others) {
        return new Token(value, claims, redaction.and(others));
    }

    /** {@return a redaction that takes this token, and what it was bought with, out of texts} */
    Redaction redaction() {
        return redaction;
    }

    /** Says that this is a token, and not which. */
    @Override
    public String toString() {
        return "Token";
    }
}
