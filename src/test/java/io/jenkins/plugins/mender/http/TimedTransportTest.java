package io.jenkins.plugins.mender.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.http.TransportException.Failure;
import io.jenkins.plugins.mender.simulator.RawServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exchanges that must not take longer than a time in all. */
@Timeout(60)
class TimedTransportTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(10);
    private final LocalTransport local = new LocalTransport(ConnectionSettings.defaults());

    @Test
    void whatComesInTimeComes() throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
            TimedTransport timed = new TimedTransport(local, LONG);
            assertThat(timed.send(TransportFixture.get(server)).body(), is("ok"));
        }
    }

    @Test
    void anAnswerThatNeverEndsDoesAndClosesItsConnection() throws Exception {
        try (RawServer server = RawServer.answeringEndlessly("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")) {
            Request endless = TransportFixture.get(server).keeping(Integer.MAX_VALUE);
            TimedTransport timed = new TimedTransport(local, SHORT);
            TransportException failure = assertThrows(TransportException.class, () -> timed.send(endless));
            assertThat(failure.failure(), is(Failure.STALLED));
        }
    }

    @Test
    void theTimeIsThatOfAllExchanges() throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            TimedTransport over = new TimedTransport(local, Duration.ZERO);
            assertThrows(TransportException.class, () -> over.send(TransportFixture.get(server)));
        }
    }

    @Test
    void itsFailuresArePassedOn() throws Exception {
        try (RawServer server = RawServer.closing()) {
            TimedTransport timed = new TimedTransport(local, LONG);
            TransportException failure =
                    assertThrows(TransportException.class, () -> timed.send(TransportFixture.get(server)));
            assertThat(failure.failure(), is(Failure.CUT));
        }
        TimedTransport broken = new TimedTransport(
                (request, listener) -> {
                    throw new UnsupportedOperationException("broken");
                },
                LONG);
        assertThrows(UnsupportedOperationException.class, () -> broken.send(null));
    }

    @Test
    void anInterruptReachesTheExchange() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        TimedTransport timed = new TimedTransport(
                (request, listener) -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                    return null;
                },
                LONG);
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread caller = new Thread(() -> end.set(assertThrows(InterruptedException.class, () -> timed.send(null))));
        caller.start();
        begun.await();
        caller.interrupt();
        interrupted.await();
        caller.join();
        assertThat(end.get() instanceof InterruptedException, is(true));
    }
}
