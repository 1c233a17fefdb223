package io.jenkins.plugins.mender.api;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.api.MenderServer.InvalidServerUrlException;
import io.jenkins.plugins.mender.api.MenderServer.InvalidServerUrlException.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MenderServerTest {
    @ParameterizedTest
    @CsvSource({
        "https://eu.hosted.mender.io, https://eu.hosted.mender.io/api/management/v1/x",
        "https://eu.hosted.mender.io//, https://eu.hosted.mender.io/api/management/v1/x",
        "' HTTPS://mender.example.com:8443/prefix/ ', HTTPS://mender.example.com:8443/prefix/api/management/v1/x",
        "http://[::1]:8080, http://[::1]:8080/api/management/v1/x",
    })
    void callsGoBelowTheAddress(String text, String call) throws Exception {
        assertThat(MenderServer.parse(text).management("/v1/x").toString(), is(call));
    }

    @ParameterizedTest
    @CsvSource({
        "'', EMPTY",
        "'  ', EMPTY",
        "eu.hosted.mender.io, NOT_A_URL",
        "localhost:8080, NOT_A_URL",
        "https://, NOT_A_URL",
        "https:///path, NOT_A_URL",
        "https://a b, NOT_A_URL",
        "https://example.com:99999, NOT_A_URL",
        "ftp://example.com, SCHEME",
        "file:///etc/passwd, SCHEME",
        "javascript:alert(1), SCHEME",
        "https://user:secret@example.com, EXTRA_PARTS",
    })
    void anythingElseIsRefused(String text, Problem problem) {
        InvalidServerUrlException e = assertThrows(InvalidServerUrlException.class, () -> MenderServer.parse(text));
        assertThat(e.problem(), is(problem));
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com?x=1, https://example.com",
        "https://example.com/#/releases, https://example.com",
        "https://example.com/ui, https://example.com",
        "https://example.com/ui/, https://example.com",
        "https://example.com/ui/releases/a?b#c, https://example.com",
        "https://example.com/mender/ui/software, https://example.com/mender",
        "https://example.com/api, https://example.com",
        "https://example.com:8443/api/management/v1/deployments, https://example.com:8443",
        "https://example.com/api/mender, https://example.com/api/mender",
        "https://example.com/uikit/, https://example.com/uikit",
    })
    void whatBelongsToAPageIsCutOff(String text, String url) throws Exception {
        MenderServer server = MenderServer.parse(text);
        assertThat(server.toString(), is(url));
        assertThat(server.isWrittenAs(url + "/"), is(true));
        assertThat(server.isWrittenAs(text), is(text.replaceAll("/+$", "").equals(url)));
    }

    @ParameterizedTest
    @CsvSource({
        "app-1.0, app-1.0",
        "a b, a%20b",
        "m\u00fcller, m%C3%BCller",
        "a/b, a%2Fb",
        "100%, 100%25",
        "a?b#c, a%3Fb%23c",
    })
    void aReleasesPageIsThatOfItsName(String name, String segment) throws Exception {
        assertThat(
                MenderServer.parse("https://example.com").releasePage(name).toString(),
                is("https://example.com/ui/releases/" + segment));
    }

    @ParameterizedTest
    @CsvSource({
        "http://mender.example.com, true",
        "http://127.example.com, true",
        "https://mender.example.com, false",
        "http://localhost:8080, false",
        "http://127.0.0.1, false",
        "http://[::1], false",
    })
    void plainHttpToAnotherMachineIsUnencrypted(String text, boolean unencrypted) throws Exception {
        assertThat(MenderServer.parse(text).isUnencrypted(), is(unencrypted));
    }

    @Test
    void aReleasesPageIsOneSegmentWhateverItsName() throws Exception {
        assertThat(
                MenderServer.parse("https://m.example.com")
                        .releasePage("a/b ü?")
                        .toString(),
                is("https://m.example.com/ui/releases/a%2Fb%20%C3%BC%3F"));
    }
}
