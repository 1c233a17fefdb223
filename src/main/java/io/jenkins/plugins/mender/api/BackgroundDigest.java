package io.jenkins.plugins.mender.api;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The SHA-256 of what is sent, taken by a thread of its own while it is sent: it takes longer than sending does on a fast
 * network. A few buffers go round between the two threads, so that the memory is constant.
 */
final class BackgroundDigest implements Closeable {
    /** The JDK gives a socket no more than this at a time. */
    static final int BUFFER_BYTES = 128 * 1024;

    private static final int BUFFERS = 4;

    private final MessageDigest digest = sha256();
    private final byte[][] buffers = new byte[BUFFERS][];
    private final Future<?>[] pending = new Future<?>[BUFFERS];
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread worker = new Thread(work, "Mender checksum");
        worker.setDaemon(true);
        return worker;
    });
    private int current = BUFFERS - 1;

    /**
     * Waits until a buffer is free.
     *
     * @return a buffer to fill and pass to {@link #update} before the next is asked for
     * @throws IOException when the checksum cannot be taken, or the thread was interrupted
     */
    byte[] nextBuffer() throws IOException {
        current = (current + 1) % BUFFERS;
        if (buffers[current] == null) {
            buffers[current] = new byte[BUFFER_BYTES];
        } else {
            await(pending[current]);
        }
        return buffers[current];
    }

    /** Adds the first bytes of the buffer that was given last. The caller may read them meanwhile, and not change them. */
    void update(int length) {
        byte[] buffer = buffers[current];
        pending[current] = thread.submit(() -> digest.update(buffer, 0, length));
    }

    /** Waits for the end and {@return the checksum of everything, lower case hex digits} */
    String hex() throws IOException {
        return HexFormat.of().formatHex(await(thread.submit(() -> digest.digest())));
    }

    private static <T> T await(Future<T> result) throws IOException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** Ends the thread, which takes no longer than a buffer's checksum. */
    @Override
    public void close() throws IOException {
        thread.shutdownNow();
        try {
            thread.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
