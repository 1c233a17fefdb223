package io.jenkins.plugins.mender.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hudson.AbortException;
import hudson.FilePath;
import hudson.FilePath.FileCallable;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import io.jenkins.plugins.mender.http.Request;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.http.Wire;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes to an agent with an exchange, and what is heard of it meanwhile. */
@Timeout(60)
class AgentTransportTest {
    private static final String PASSWORD = "secret-of-the-proxy";

    /** Keeps what would go to an agent. */
    private static final class Outbox implements Workspace {
        private String sent;

        @Override
        public FilePath get() {
            return new FilePath(new File("."));
        }

        @Override
        public <T> T act(Class<T> type, FileCallable<T> work) throws IOException {
            sent = new String(Wire.bytes(work), StandardCharsets.ISO_8859_1);
            throw new AbortException("is not to be sent");
        }
    }

    @Test
    void theProxysPasswordGoesAlongWithWhatGoesThroughTheProxyAlone() {
        assertThat(sentTo("https://mender.example.com/api").contains(PASSWORD), is(false));
        assertThat(sentTo("https://storage.example.net/a").contains(PASSWORD), is(true));
    }

    private static String sentTo(String url) {
        ConnectionSettings settings = ConnectionSettings.defaults()
                .withProxy(new ProxySettings("proxy", 3128, "user", PASSWORD, List.of(".*\\.example\\.com")));
        Outbox outbox = new Outbox();
        Request request = new Request("GET", URI.create(url), List.of(), new Request.Body.None(), false);
        assertThrows(
                TransportException.class,
                () -> new AgentTransport(outbox, settings).send(request, Transport.Listener.NONE));
        return outbox.sent;
    }

    @Test
    void anAgentIsHeardAboutItsFileAsLongAsItsExchangeLasts() {
        List<Long> heard = new ArrayList<>();
        AgentTransport.Heard listener = new AgentTransport.Heard((sent, whole) -> heard.add(sent), 100);
        for (long sent : new long[] {-1, Long.MIN_VALUE, 50, 101, Long.MAX_VALUE}) {
            listener.at(sent, false);
        }
        listener.end();
        listener.at(60, true);
        assertThat(heard, is(List.of(0L, 0L, 50L, 100L, 100L)));
    }

    @Test
    void anAgentThatCallsAtOnceFromManyThreadsHoldsNone() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Transport.Listener slow = (sent, whole) -> {
            reached.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        AgentTransport.Heard listener = new AgentTransport.Heard(slow, 100);
        Thread first = new Thread(() -> listener.at(1, false));
        first.start();
        reached.await();
        for (int i = 0; i < 1000; i++) {
            listener.at(2, false); // would wait for ever
        }
        end.countDown();
        first.join();
    }
}
