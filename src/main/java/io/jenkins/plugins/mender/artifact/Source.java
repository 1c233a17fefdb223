package io.jenkins.plugins.mender.artifact;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of an Artifact as they come. Remembers whether they ended or failed, to tell a cut file from a broken one and both
 * from a broken disk.
 */
class Source extends InputStream {
    /** Small, for it is filled again behind each payload that is passed over; larger reads go past it. */
    static final int BUFFER_BYTES = 8 * 1024;

    private InputStream in;
    private long position;
    private boolean ended;
    private IOException failure;

    Source(InputStream in) {
        this.in = new BufferedInputStream(in, BUFFER_BYTES);
    }

    /** {@return the number of bytes in all, or {@link Long#MAX_VALUE} when that is not known beforehand} */
    long size() {
        return Long.MAX_VALUE;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            int read = in.read(buffer, offset, length);
            ended |= read < 0;
            position += Math.max(0, read);
            return read;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** Goes on with other bytes. */
    final void continueWith(InputStream other, long otherPosition) {
        in = new BufferedInputStream(other, BUFFER_BYTES);
        position = otherPosition;
    }

    final IOException failed(IOException e) {
        failure = e;
        return e;
    }

    /** {@return the number of bytes before the next one} */
    final long position() {
        return position;
    }

    /** {@return whether more was asked for than there is} */
    final boolean ended() {
        return ended;
    }

    /** {@return what went wrong with the disk or the network, or null when nothing did} */
    final IOException failure() {
        return failure;
    }
}
