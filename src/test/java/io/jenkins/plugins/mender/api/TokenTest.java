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
