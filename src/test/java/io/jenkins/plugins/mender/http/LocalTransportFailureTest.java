package io.jenkins.plugins.mender.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.mender.http.TransportException.Failure;
import io.jenkins.plugins.mender.simulator.RawServer;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be sent, or is not answered: how an exchange ends, and what is known then. */
@Timeout(60)
class LocalTransportFailureTest {
    @TempDir
    private Path folder;

    private final ConnectionSettings patient = ConnectionSettings.defaults();
    private final ConnectionSettings impatient = patient.withTimeouts(Duration.ofMillis(300), Duration.ofMillis(600));

    private TransportFixture exchanges;

    @BeforeEach
    void start() {
        exchanges = new TransportFixture(folder);
    }

    @Test
    void aServerThatStopsReadingIsGivenUp() throws Exception {
        try (RawServer server = RawServer.notReading()) {
            TransportException e = TransportFixture.failure(
                    impatient,
                    exchanges.upload(server, 4L * TransportFixture.BIG).withoutExpectContinue());
            assertThat(e.failure(), is(Failure.STALLED));
            assertThat(e.wholeBodySent(), is(false));
            assertThat(e.sentBytes(), greaterThan(0L));
        }
    }

    @Test
    void aServerThatNeverAnswersIsGivenUpAndMayHaveActed() throws Exception {
        try (RawServer server = RawServer.answering("")) {
            TransportException e = TransportFixture.failure(
                    impatient, exchanges.upload(server, 1000).withoutExpectContinue());
            assertThat(e.failure(), is(Failure.NO_ANSWER));
            assertThat(e.wholeBodySent(), is(true));
        }
    }

    @Test
    void aConnectionThatEndsBeforeTheAnswerIsCut() throws Exception {
        try (RawServer server = RawServer.closing()) {
            TransportException e = TransportFixture.failure(
                    patient, exchanges.upload(server, 1000).withoutExpectContinue());
            assertThat(e.failure(), is(Failure.CUT));
        }
    }

    @Test
    void anInterruptEndsABlockedUploadAndItsThread() throws Exception {
        try (RawServer server = RawServer.notReading()) {
            Request request =
                    exchanges.upload(server, 4L * TransportFixture.BIG).withoutExpectContinue();
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            CountDownLatch ended = new CountDownLatch(1);
            Thread caller = new Thread(() -> {
                try {
                    TransportFixture.send(patient, request);
                } catch (Throwable t) {
                    thrown.set(t);
                } finally {
                    ended.countDown();
                }
            });
            caller.start();
            server.awaitConnection();
            caller.interrupt();
            ended.await();
            assertThat(thrown.get() instanceof InterruptedException, is(true));
            while (threads().anyMatch(name -> name.startsWith("Mender "))) {
                Thread.yield(); // those of other tests end within two seconds
            }
        }
    }

    private static Stream<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
    }

    @Test
    void aRefusedConnectionIsNamed() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        TransportException e = TransportFixture.failure(patient, TransportFixture.get("http://127.0.0.1:" + port));
        assertThat(e.failure(), is(Failure.NOT_CONNECTED));
        assertThat(e.getMessage(), containsString("refused"));
    }

    @Test
    void anUnknownHostIsNamed() {
        TransportException e = TransportFixture.failure(patient, TransportFixture.get("http://no-such-host.invalid"));
        assertThat(e.failure(), is(Failure.UNKNOWN_HOST));
    }

    @Test
    void aMissingFileIsTheFilesFault() throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")) {
            Request request = exchanges.upload(server, 1000).withoutExpectContinue();
            Files.delete(folder.resolve("1000.mender"));
            assertThat(TransportFixture.failure(patient, request).failure(), is(Failure.FILE));
        }
    }

    @Test
    void aFileThatCannotBeReadIsTheFilesFault() throws Exception {
        Path unreadable = Path.of("/proc/self/mem");
        assumeTrue(Files.exists(unreadable), "needs a file that even an administrator cannot read, which Linux has");
        try (RawServer server = RawServer.answering("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")) {
            Request request = exchanges.upload(server, 1000).withoutExpectContinue();
            Files.delete(folder.resolve("1000.mender"));
            Files.createSymbolicLink(folder.resolve("1000.mender"), unreadable);
            TransportException e = TransportFixture.failure(patient, request);
            assertThat(e.failure(), is(Failure.FILE));
            assertThat(e.getMessage(), containsString("error"));
        }
    }

    @Test
    void aFileThatGrowsOrShrinksMeanwhileIsNotSentAsIfNothingHadHappened() throws Exception {
        for (int now : List.of(999, 1001)) {
            try (RawServer server = RawServer.answering("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")) {
                Request request = exchanges.upload(server, 1000).withoutExpectContinue();
                Files.write(folder.resolve("1000.mender"), new byte[now]);
                TransportException e = TransportFixture.failure(patient, request);
                assertThat(e.failure(), is(Failure.FILE));
                assertThat(e.wholeBodySent(), is(false));
            }
        }
    }
}
