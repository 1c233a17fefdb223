package io.jenkins.plugins.mender.artifact;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** Counts what is read of a file, and fails a test whose reader does not come to an end. */
final class CountingChannel implements SeekableByteChannel {
    private static final int MOST_CALLS = 1_000_000;

    private final SeekableByteChannel file;
    private long bytes;
    private int calls;

    CountingChannel(SeekableByteChannel file) {
        this.file = file;
    }

    /** {@return the number of bytes read} */
    long bytes() {
        return bytes;
    }

    private void call() {
        if (++calls > MOST_CALLS) {
            throw new AssertionError("no end after " + MOST_CALLS + " calls and " + bytes + " bytes");
        }
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        call();
        int read = file.read(buffer);
        bytes += Math.max(0, read);
        return read;
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
        call();
        file.position(position);
        return this;
    }

    @Override
    public long position() throws IOException {
        return file.position();
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public int write(ByteBuffer buffer) {
        throw new AssertionError("a reader writes");
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new AssertionError("a reader truncates");
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
