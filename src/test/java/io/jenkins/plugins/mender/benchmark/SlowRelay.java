package io.jenkins.plugins.mender.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Passes TCP connections on to another port of this machine, each byte later by the same time, as a long way would. Counts what passes. */
final class SlowRelay implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicLong bytes = new AtomicLong();
    private final InetSocketAddress target;
    private final long delayNanos;

    /** Some bytes, and when they have arrived. */
    private record Chunk(byte[] content, long due) {}

    /**
     * Begins to listen.
     *
     * @param port where to pass connections on to
     * @param delayMillis what a byte takes each way, in milliseconds
     */
    SlowRelay(int port, int delayMillis) throws IOException {
        this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.delayNanos = TimeUnit.MILLISECONDS.toNanos(delayMillis);
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** {@return how many bytes have passed, both ways, since this was asked last} */
    long takeBytes() {
        return bytes.getAndSet(0);
    }

    private void accept() throws IOException {
        while (true) {
            Socket near = listener.accept();
            Socket far = new Socket(target.getAddress(), target.getPort());
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            pass(near, far);
            pass(far, near);
        }
    }

    private void pass(Socket from, Socket to) {
        BlockingQueue<Chunk> under = new LinkedBlockingQueue<>();
        start(() -> {
            try (from) {
                InputStream in = from.getInputStream();
                byte[] buffer = new byte[BUFFER_BYTES];
                for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                    bytes.addAndGet(read);
                    under.add(new Chunk(Arrays.copyOf(buffer, read), System.nanoTime() + delayNanos));
                }
            } finally {
                under.add(new Chunk(new byte[0], System.nanoTime() + delayNanos));
            }
        });
        start(() -> {
            try (to) {
                OutputStream out = to.getOutputStream();
                for (Chunk chunk = under.take(); chunk.content().length > 0; chunk = under.take()) {
                    TimeUnit.NANOSECONDS.sleep(chunk.due() - System.nanoTime());
                    out.write(chunk.content());
                }
            }
        });
    }

    /** What a thread does until its connection ends. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | InterruptedException e) {
                        // one of the ends has gone, as it may
                    }
                },
                "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
