package io.jenkins.plugins.mender.artifact;

import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts what is read of a stream, and stops it at a bound. */
final class Metered extends FilterInputStream {
    private final String part;
    private final long maxBytes;
    private final String maxBound;
    private long position;
    private long limit;
    private String bound;

    /**
     * Begins at the first byte.
     *
     * @param in the bytes; not closed with this one
     * @param part what they are a part of
     * @param maxBytes the most of them that are read
     * @param maxBound what to call that bound
     */
    Metered(InputStream in, String part, long maxBytes, String maxBound) {
        super(in);
        this.part = part;
        this.maxBytes = maxBytes;
        this.maxBound = maxBound;
        allowAll();
    }

    /** Allows some bytes from here on, and says what to call that bound. */
    void allow(long bytes, String name) {
        if (bytes < maxBytes - position) {
            limit = position + bytes;
            bound = name;
        }
    }

    /** Takes back the last {@link #allow}. */
    void allowAll() {
        limit = maxBytes;
        bound = maxBound;
    }

    /** {@return the number of bytes before the next one} */
    long position() {
        return position;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = in.read(buffer, offset, (int) within(length));
        position += Math.max(0, read);
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long skipped = bytes <= 0 ? 0 : in.skip(within(bytes));
        position += skipped;
        return skipped;
    }

    private long within(long bytes) throws ArtifactException {
        if (bytes > 0 && position >= limit) {
            throw new ArtifactException(Problem.TOO_LARGE, part, bound);
        }
        return Math.min(bytes, limit - position);
    }

    /** Does nothing: whoever opened the stream closes it, and closing what lies in it must not end it. */
    @Override
    public void close() {
        // see above
    }
}
