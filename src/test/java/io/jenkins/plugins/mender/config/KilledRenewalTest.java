package io.jenkins.plugins.mender.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.ExtensionList;
import hudson.util.Secret;
import io.jenkins.plugins.mender.Administration;
import io.jenkins.plugins.mender.Await;
import io.jenkins.plugins.mender.MenderJenkins;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.lang.reflect.Method;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** The process of Jenkins is killed in the middle of a renewal, at two of its points; each time the next run goes on. */
class KilledRenewalTest {
    private static final String CREATE = "POST /api/management/v1/useradm/settings/tokens";
    private static final String ME = "GET /api/management/v1/useradm/users/me";

    @RegisterExtension
    private final RealJenkinsExtension jenkins = new RealJenkinsExtension();

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void release() {
        end.countDown();
    }

    @Test
    void thereIsAlwaysATokenThatWorksAndSoonNoOther() throws Throwable {
        String old = server.personalToken("old", Instant.now().plus(Duration.ofDays(20)));
        jenkins.startJenkins();
        jenkins.runRemotely(KilledRenewalTest::configure, server.url(), old);

        // the token is created, and the answer never comes
        String name = jenkins.runRemotely(KilledRenewalTest::defaultName);
        AtomicInteger lost = hanging(CREATE, () -> server.personalToken(name, null));
        run(0);
        Await.until("a token is created", () -> lost.get() == 1);
        kill();
        assertThat(kept(), is(old));
        assertThat(server.accepts(old), is(true));

        // the new one is there, and not written yet
        AtomicInteger asked = hanging(ME, () -> "");
        run(25);
        Await.until("the new token is tried out", () -> asked.get() == 1);
        kill();
        assertThat(kept(), is(old));
        assertThat(server.accepts(old), is(true));

        // it is written, and the old one is to be revoked later
        run(50);
        Await.until("it is written", () -> !kept().equals(old));
        String renewed = kept();
        assertThat(List.of(server.accepts(old), server.accepts(renewed)), contains(true, true));

        run(75);
        Await.until("the old one is revoked", () -> !server.accepts(old));
        assertThat(kept(), is(renewed));
        assertThat(server.accepts(renewed), is(true));
        assertThat(server.personalTokenNames(), contains(startsWith("jenkins-")));
    }

    /** {@return how often the server was asked something that it does, and does not answer} */
    private AtomicInteger hanging(String request, Supplier<String> act) {
        AtomicInteger times = new AtomicInteger();
        server.answer(request, () -> {
            act.get();
            times.incrementAndGet();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Reply.empty(502);
        });
        return times;
    }

    private void kill() throws Throwable {
        jenkins.stopJenkinsForcibly();
        server.recover();
        jenkins.startJenkins();
    }

    private String kept() {
        try {
            return jenkins.runRemotely(KilledRenewalTest::kept);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Has the hourly work done some hours from now, in a thread of its own. */
    private void run(int hours) throws Throwable {
        server.follow(Clock.offset(Clock.systemUTC(), Duration.ofHours(hours)));
        jenkins.runRemotely(KilledRenewalTest::work, hours);
    }

    private static void configure(JenkinsRule rule, String url, String token) throws Exception {
        MenderJenkins.store(new StringCredentialsImpl(CredentialsScope.GLOBAL, "pat", "", Secret.fromString(token)));
        ConfiguredServer server = Administration.server("production", url, "pat", null);
        server.setRenewTokens(true);
        Administration.configure(server);
    }

    private static void work(JenkinsRule rule, int hours) throws Exception {
        tokenCare("follow", InstantSource.class).invoke(null, Clock.offset(Clock.systemUTC(), Duration.ofHours(hours)));
        ExtensionList.lookupSingleton(TokenRenewalWork.class).doRun();
    }

    private static String defaultName(JenkinsRule rule) throws Exception {
        return (String) tokenCare("defaultName").invoke(null);
    }

    /** What is not public is out of reach here: Jenkins and its tests have class loaders of their own. */
    private static Method tokenCare(String name, Class<?>... parameters) throws Exception {
        Method method = TokenCare.class.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return method;
    }

    private static String kept(JenkinsRule rule) {
        return SystemCredentialsProvider.getInstance().getCredentials().stream()
                .filter(StringCredentials.class::isInstance)
                .map(one -> ((StringCredentials) one).getSecret().getPlainText())
                .findFirst()
                .orElseThrow();
    }
}
