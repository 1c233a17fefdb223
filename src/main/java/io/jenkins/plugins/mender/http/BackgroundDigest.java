package io.jenkins.plugins.mender.http;

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

/**
 * The SHA-256 of what is sent, taken by a thread of its own while it is sent: it takes longer than sending does on a fast
 * network. A few buffers go round between the two threads, so that the memory is constant.
 */
final class BackgroundDigest implements Closeable {
    /** The JDK gives a socket no more than this at a time. */
    static final int BUFFER_BYTES = 128 * 1024;

    private static final int BUFFERS = 4;

    /** How long to wait for the thread's end; it cannot take longer than a buffer's checksum. */
    private static final long END_MILLIS = 1000;

    private final MessageDigest digest = sha256();
    private final byte[][] buffers = new byte[BUFFERS][];
    private final Future<?>[] pending = new Future<?>[BUFFERS];
    private final ExecutorService tasks = Executors.newSingleThreadExecutor(this::thread);
    private Thread thread;
    private int current = BUFFERS - 1;

    private Thread thread(Runnable work) {
        thread = new Thread(work, "Mender checksum");
        thread.setDaemon(true);
        return thread;
    }

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
        pending[current] = tasks.submit(() -> digest.update(buffer, 0, length));
    }

    /** Waits for the end and {@return the checksum of everything, lower case hex digits} */
    String hex() throws IOException {
        return HexFormat.of().formatHex(await(tasks.submit(() -> digest.digest())));
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

    /** Ends the thread and waits for its end. */
    @Override
    public void close() {
        tasks.shutdownNow();
        try {
            if (thread != null) {
                thread.join(END_MILLIS);
            }
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
