package io.jenkins.plugins.mender.http;

import io.jenkins.plugins.mender.http.Request.Body.Field;
import io.jenkins.plugins.mender.http.Request.Body.FileUpload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.entity.mime.AbstractContentBody;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;

/**
 * A multipart body with a file that is read from where it lies while it is sent, as much at a time as a socket takes. Its
 * checksums are taken in the same pass. HttpClient writes what stands before and behind the file, and knows the length of it all.
 */
final class FileBody implements AsyncEntityProducer {
    private static final ContentType TEXT = ContentType.create("text/plain", StandardCharsets.UTF_8);

    /** The JDK gives a socket no more than this at a time. */
    static final int BUFFER_BYTES = 128 * 1024;

    /** How many buffers to send before an answer is looked for. */
    private static final int BUFFERS_AT_ONCE = 1024 * 1024 / BUFFER_BYTES;

    private final FileUpload upload;
    private final BooleanSupplier unsent;
    private final Transport.Listener progress;
    private final HttpEntity form;
    private final byte[] before;
    private final byte[] behind;

    private ByteBuffer current;
    private InputStream file;
    private BackgroundDigest digest;
    private long read;
    private boolean last;
    private boolean broken;
    private volatile Checksums checksums = Checksums.NONE;

    /**
     * Creates the body.
     *
     * @param upload the parts
     * @param unsent whether some of what was given to the network still waits in memory for it
     * @param progress is told how far the file has come, as often as it moves
     */
    FileBody(FileUpload upload, BooleanSupplier unsent, Transport.Listener progress) {
        this.upload = upload;
        this.unsent = unsent;
        this.progress = progress;
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        int[] place = {0};
        MultipartEntityBuilder parts = MultipartEntityBuilder.create();
        for (Field field : upload.fields()) {
            parts.addTextBody(field.name(), field.value(), TEXT);
        }
        parts.addPart(upload.partName(), new Place(upload, () -> place[0] = frame.size()));
        this.form = parts.build();
        try {
            form.writeTo(frame);
        } catch (IOException e) {
            throw new IllegalStateException("writing into memory cannot fail", e);
        }
        byte[] all = frame.toByteArray();
        this.before = Arrays.copyOf(all, place[0]);
        this.behind = Arrays.copyOfRange(all, place[0], all.length);
        rewind();
    }

    /** Where the file belongs among the parts. */
    private static final class Place extends AbstractContentBody {
        private final FileUpload upload;
        private final Runnable reached;

        private Place(FileUpload upload, Runnable reached) {
            super(ContentType.APPLICATION_OCTET_STREAM);
            this.upload = upload;
            this.reached = reached;
        }

        @Override
        public String getFilename() {
            return upload.fileName();
        }

        @Override
        public long getContentLength() {
            return upload.size();
        }

        @Override
        public void writeTo(OutputStream out) {
            reached.run();
        }
    }

    /**
     * Checksums of what was sent, as lower case hex digits; empty texts while not everything was.
     *
     * @param sha256 what users compare
     * @param md5 what Jenkins knows files by
     */
    record Checksums(String sha256, String md5) {
        static final Checksums NONE = new Checksums("", "");
    }

    /** {@return the checksums of what was sent} */
    Checksums checksums() {
        return checksums;
    }

    private void rewind() {
        current = ByteBuffer.wrap(before);
        read = 0;
        last = false;
        broken = false;
        checksums = Checksums.NONE;
    }

    /**
     * Sends as much as the network takes, up to a mebibyte: then the reactor looks for an answer before it asks for more. A
     * connection that takes no more may still hold an answer, so that it is for the reading side to say how it ended. A file's next
     * buffer is not sent before the network has taken the one before it.
     */
    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        for (int buffers = 0; buffers < BUFFERS_AT_ONCE && (buffers == 0 || !current.hasRemaining()); buffers++) {
            if (read > 0 && read < upload.size() && unsent.getAsBoolean()) {
                return;
            }
            if (!current.hasRemaining() && !last) {
                current = next();
            }
            int begin = current.remaining();
            try {
                channel.write(current);
            } catch (IOException e) {
                broken = true;
                return;
            }
            if (file != null && begin > current.remaining()) {
                progress.at(read - (last ? 0 : current.remaining()), false);
            }
            if (last && !current.hasRemaining()) {
                channel.endStream();
                progress.at(read, true);
                close();
                return;
            }
        }
    }

    private ByteBuffer next() throws IOException {
        if (file == null) {
            digest = new BackgroundDigest();
            file = open();
        }
        byte[] buffer = digest.nextBuffer();
        int length = read(buffer, (int) Math.min(buffer.length, upload.size() - read));
        if (length > 0) {
            digest.update(length);
            read += length;
            return ByteBuffer.wrap(buffer, 0, length);
        }
        if (read < upload.size()) {
            throw new UnsendableFileException("it became shorter while it was being sent");
        }
        if (read(new byte[1], 1) >= 0) {
            throw new UnsendableFileException("it became longer while it was being sent");
        }
        checksums = digest.end();
        last = true;
        return ByteBuffer.wrap(behind);
    }

    private InputStream open() throws UnsendableFileException {
        try {
            return Files.newInputStream(Path.of(upload.path()));
        } catch (IOException e) {
            throw new UnsendableFileException(e.toString());
        }
    }

    private int read(byte[] buffer, int length) throws UnsendableFileException {
        try {
            return file.read(buffer, 0, length);
        } catch (IOException e) {
            throw new UnsendableFileException(e.toString());
        }
    }

    @Override
    public int available() {
        return broken ? 0 : Integer.MAX_VALUE;
    }

    @Override
    public void failed(Exception cause) {
        releaseResources();
    }

    /** Closes the file. A proxy that asks for a login first gets the body from its begin again afterwards. */
    @Override
    public void releaseResources() {
        if (!last) {
            close();
            rewind();
        }
    }

    private void close() {
        InputStream open = file;
        if (open != null) {
            digest.close();
            try {
                open.close();
            } catch (IOException e) {
                // was only read
            }
            file = null;
        }
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public long getContentLength() {
        return form.getContentLength();
    }

    @Override
    public String getContentType() {
        return form.getContentType();
    }

    @Override
    public String getContentEncoding() {
        return null;
    }

    @Override
    public boolean isChunked() {
        return false;
    }

    @Override
    public Set<String> getTrailerNames() {
        return Set.of();
    }

    /** The file itself is the trouble, not the connection. */
    static final class UnsendableFileException extends IOException {
        private static final long serialVersionUID = 1;

        UnsendableFileException(String message) {
            super(message);
        }
    }

    /**
     * Checksums of what is sent, each taken by a thread of its own while it is sent: that takes longer than sending does on a fast
     * network. A few buffers go round between the threads, so that the memory is constant.
     */
    private static final class BackgroundDigest {
        private static final int BUFFERS = 4;

        private final List<Digest> digests = List.of(new Digest("SHA-256"), new Digest("MD5"));
        private final byte[][] buffers = new byte[BUFFERS][];
        private final List<List<Future<?>>> pending = new ArrayList<>(Collections.nCopies(BUFFERS, List.of()));
        private int current = BUFFERS - 1;

        /** One of the checksums, and its thread. */
        private static final class Digest {
            /** How long to wait for the thread's end; it cannot take longer than a buffer's checksum. */
            private static final long END_MILLIS = 1000;

            private final MessageDigest digest;
            private final ExecutorService tasks = Executors.newSingleThreadExecutor(this::thread);
            private Thread thread;

            private Digest(String algorithm) {
                try {
                    digest = MessageDigest.getInstance(algorithm);
                } catch (NoSuchAlgorithmException e) {
                    throw new IllegalStateException("every Java platform has " + algorithm, e);
                }
            }

            private Thread thread(Runnable work) {
                thread = new Thread(work, "Mender checksum");
                thread.setDaemon(true);
                return thread;
            }

            private Future<?> update(byte[] buffer, int length) {
                return tasks.submit(() -> digest.update(buffer, 0, length));
            }

            private String hex() throws IOException {
                return HexFormat.of().formatHex(await(tasks.submit(() -> digest.digest())));
            }

            private void close() {
                tasks.shutdownNow();
                try {
                    if (thread != null) {
                        thread.join(END_MILLIS);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        /**
         * Waits until a buffer is free.
         *
         * @return a buffer to fill and pass to {@link #update} before the next is asked for
         * @throws IOException when a checksum cannot be taken, or the thread was interrupted
         */
        byte[] nextBuffer() throws IOException {
            current = (current + 1) % BUFFERS;
            if (buffers[current] == null) {
                buffers[current] = new byte[BUFFER_BYTES];
            }
            for (Future<?> one : pending.get(current)) {
                await(one);
            }
            return buffers[current];
        }

        /** Adds the first bytes of the buffer that was given last. The caller may read them meanwhile, and not change them. */
        void update(int length) {
            byte[] buffer = buffers[current];
            pending.set(
                    current,
                    digests.stream()
                            .<Future<?>>map(one -> one.update(buffer, length))
                            .toList());
        }

        /** Waits for the end and {@return the checksums of everything} */
        Checksums end() throws IOException {
            return new Checksums(digests.get(0).hex(), digests.get(1).hex());
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

        /** Ends the threads and waits for their end. */
        void close() {
            digests.forEach(Digest::close);
        }
    }
}
