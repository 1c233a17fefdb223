package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import hudson.ExtensionList;
import io.jenkins.plugins.mender.config.ConfiguredServer;
import io.jenkins.plugins.mender.config.ExpiringTokens;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Administrators hear of the tokens of configured servers that end, of no others, and never read one. */
@WithJenkins
class ExpiringTokensTest {
    @Test
    void onlyWhatEndsSoonIsTold(JenkinsRule rule) throws Exception {
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            MenderJenkins jenkins = new MenderJenkins(rule, server);
            Instant now = Instant.now();
            String ending = server.tokenUntil(now.plus(Duration.ofHours(12 * 24 + 12)));
            jenkins.storeToken("ending", ending);
            jenkins.storeToken("ended", server.tokenUntil(now.minus(Duration.ofDays(3))));
            jenkins.storeToken("long", server.tokenUntil(now.plus(Duration.ofDays(31))));
            jenkins.storeToken("endless", server.token());
            jenkins.storeToken("opaque", "no JWT at all");
            jenkins.storeLogin("login", server.user(), server.password());
            ExpiringTokens monitor = ExtensionList.lookupSingleton(ExpiringTokens.class);
            assertThat(monitor.isActivated(), is(false));

            Administration.configure(
                    server("none", null),
                    server("<b>one", "ending"),
                    server("two", "ended"),
                    server("three", "long"),
                    server("four", "endless"),
                    server("five", "opaque"),
                    server("six", "login"),
                    server("seven", "not there"));
            assertThat(
                    monitor.getLines(),
                    contains(
                            startsWith("<b>one: the token in credentials 'ending' expires in 12 days (20"),
                            startsWith("two: the token in credentials 'ended' expired on 20")));
            String page = rule.createWebClient().goTo("manage").getWebResponse().getContentAsString();
            assertThat(page, containsString("expires in 12 days (20"));
            assertThat(page, not(containsString(ending)));
            assertThat(page, not(containsString("<b>")));

            Administration.configure(server("three", "long"));
            assertThat(monitor.isActivated(), is(false));
        }
    }

    private static ConfiguredServer server(String name, String credentialsId) {
        return Administration.server(name, "https://m.example.com", credentialsId, null);
    }
}
