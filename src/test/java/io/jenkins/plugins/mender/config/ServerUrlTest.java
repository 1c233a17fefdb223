package io.jenkins.plugins.mender.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.MenderUploadBuilder;
import io.jenkins.plugins.mender.MenderUploadStep;
import io.jenkins.plugins.mender.api.MenderServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A user and a password in a server's URL are neither printed nor kept, however the URL is misspelt. */
class ServerUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://joe:s3cret@m.example.com",
                "https://joe:s3cret@m.example.com:port",
                "https://joe:s3cret@m example.com",
                "https://joe:%s3cret@m.example.com",
                "https://joe:1/s3cret@m.example.com",
                "https://joe:s3@cret@m.example.com",
                "https:/joe:s3cret@m.example.com",
                "https//joe:s3cret@m.example.com",
                "HTTPS://joe#s3cret@m.example.com",
                "ftp://joe:s3cret@m.example.com",
                "joe:s3cret@m.example.com",
                "joe:s3cret@",
                "@s3cret@",
            })
    void noPartOfItIsSaidOrKept(String url) {
        String message = assertThrows(ConfigurationProblem.class, () -> ServerAccess.parse(url))
                .getMessage();
        assertSilent(message);
        assertThat(message, containsString("erver's"));
        assertSilent(new ConfiguredServer("lab", url).getUrl());
        MenderUploadStep step = new MenderUploadStep("a.mender");
        step.setServerUrl(url);
        assertSilent(step.getServerUrl());
        MenderUploadBuilder builder = new MenderUploadBuilder("a.mender");
        builder.setServerUrl(url);
        assertSilent(builder.getServerUrl());
    }

    @ParameterizedTest
    @CsvSource({
        "https://joe:s3cret@m.example.com/x, https://…@m.example.com/x",
        "HTTP://joe:s3cret@m.example.com, HTTP://…@m.example.com",
        "joe:s3cret@m.example.com, …@m.example.com",
        "https://…@m.example.com, https://…@m.example.com",
        "https://m.example.com/x, https://m.example.com/x",
        "'', ''",
    })
    void theRestStaysToBeRecognized(String url, String kept) {
        assertThat(MenderServer.withoutUser(url), is(kept));
    }

    @Test
    void aUrlThatLacksTheUserAfterwardsIsStillRefused() {
        ConfiguredServer server = new ConfiguredServer("lab", "https://joe:s3cret@m.example.com");
        assertThat(
                assertThrows(ConfigurationProblem.class, server::connection).getMessage(),
                containsString("no place for a user name"));
    }

    private static void assertSilent(String text) {
        assertThat(text, not(containsString("cret")));
        assertThat(text, not(containsString("joe")));
    }
}
