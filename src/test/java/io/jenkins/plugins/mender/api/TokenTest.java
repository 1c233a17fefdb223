package io.jenkins.plugins.mender.api;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {
    @Test
    void claimsAreReadWithoutTheKey() {
        Token token = Token.of("  " + jwt("{\"exp\":1800000000,\"iss\":\"mender.useradm\"}") + "\n");
        assertThat(token.isJwt(), is(true));
        assertThat(token.isIssuedByMender(), is(true));
        assertThat(token.expiresAt(), is(Optional.of(Instant.ofEpochSecond(1_800_000_000))));
    }

    @Test
    void theTokenTellsItsOwnersAndItsAccount() {
        Token token = Token.of(jwt("""
                {"jti":"t-1","sub":"u-1","iat":1700000000,"mender.tenant":"acme","mender.plan":"enter\\nprise"}"""));
        assertThat(token.id(), is("t-1"));
        assertThat(token.userId(), is("u-1"));
        assertThat(token.issuedAt(), is(Optional.of(Instant.ofEpochSecond(1_700_000_000))));
        assertThat(token.tenant(), is("acme"));
        assertThat(token.plan(), is("enter prise"));
        assertThat(Token.of("opaque").plan(), is(""));
    }

    @Test
    void anEndThatNoCalendarHasIsStillAnEnd() {
        Token token = Token.of(jwt("{\"exp\":9223372036854775807}"));
        assertThat(token.isExpired(Instant.now()), is(false));
        assertThat(Token.of(jwt("{\"exp\":-1}")).isExpired(Instant.now()), is(true));
        assertThat(Token.of(jwt("{\"exp\":1e400}")).isExpired(Instant.now()), is(false));
    }

    @Test
    void aTokenMayHaveNoEndAndAnotherIssuer() {
        Token token = Token.of(jwt("{\"iss\":\"https://login.example.com\"}"));
        assertThat(token.expiresAt(), is(Optional.empty()));
        assertThat(token.isIssuedByMender(), is(false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "a.b", "a.!!.c", "a.YWJj.c", "a..c"})
    void whatIsNoJwtIsATokenAllTheSame(String text) {
        Token token = Token.of(text);
        assertThat(token.isJwt(), is(false));
        assertThat(token.expiresAt(), is(Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a b", "a\nb", "a\u0000", "ümläut"})
    void whatCannotStandInAHeaderIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Token.of(text));
    }

    @Test
    void theStringFormDoesNotTellIt() {
        String jwt = jwt("{}");
        assertThat(Token.of(jwt).toString(), not(containsString(jwt)));
    }

    private static String jwt(String claims) {
        return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".c2ln";
    }
}
