package io.jenkins.plugins.mender.http;

import io.jenkins.plugins.mender.http.TransportException.Failure;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A transport that gives all its exchanges together a limited time, however slowly bytes keep coming. */
public final class TimedTransport implements Transport {
    /** How long to wait for the thread of an exchange that was ended. */
    private static final long END_MILLIS = 1000;

    private final Transport transport;
    private final Duration time;
    private final long begin = System.nanoTime();

    /**
     * Starts the clock.
     *
     * @param transport makes the exchanges
     * @param time what they may take together
     */
    public TimedTransport(Transport transport, Duration time) {
        this.transport = transport;
        this.time = time;
    }

    @Override
    public Response send(Request request, Transport.Listener listener) throws TransportException, InterruptedException {
        FutureTask<Response> exchange = new FutureTask<>(() -> transport.send(request, listener));
        Thread worker = new Thread(exchange, "Mender exchange of limited time");
        worker.setDaemon(true);
        worker.start();
        try {
            return exchange.get(time.toNanos() - (System.nanoTime() - begin), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new TransportException(Failure.STALLED, "", 0, false);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TransportException failure) {
                throw failure;
            }
            if (e.getCause() instanceof InterruptedException) {
                throw new InterruptedException();
            }
            throw e.getCause() instanceof RuntimeException fault ? fault : new IllegalStateException(e.getCause());
        } finally {
            exchange.cancel(true);
            worker.join(END_MILLIS);
        }
    }
}
