package io.jenkins.plugins.mender.artifact;

import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A tar archive, entry by entry. Each header is read by a reader of its own that gets a bounded number of bytes, so that neither
 * long names nor global headers pile up in memory; what is not read of an entry is passed over by {@link InputStream#skip}.
 */
final class Tar {
    private static final int RECORD_BYTES = 512;

    /** The mark of an archive's end; what follows it does not matter. */
    private static final int END_BYTES = 2 * RECORD_BYTES;

    /** For the headers before one entry; a name of 255 bytes takes 2 KiB. */
    private static final int MAX_HEADER_BYTES = 64 * 1024;

    private static final int MAX_NAME_CHARS = 512;

    private final Metered in;
    private final String part;
    private final long maxBytes;
    private InputStream content = InputStream.nullInputStream();
    private TarArchiveEntry entry;
    private long end;
    private boolean complete;

    /**
     * Begins at the first entry.
     *
     * @param in the archive, not compressed
     * @param part what to call it when it is broken
     * @param maxBytes the most bytes that it may have
     */
    Tar(InputStream in, String part, long maxBytes) {
        this.in = new Metered(in, part, maxBytes, maxBytes + " bytes");
        this.part = part;
        this.maxBytes = maxBytes;
    }

    /** Goes to the next entry and {@return whether there is one}. */
    boolean next() throws IOException {
        in.skipNBytes(end - in.position);
        long start = in.position;
        TarArchiveInputStream reader = new TarArchiveInputStream(in, StandardCharsets.UTF_8.name());
        if (MAX_HEADER_BYTES < maxBytes - start) {
            in.stopAt(start + MAX_HEADER_BYTES, "a tar header of " + MAX_HEADER_BYTES + " bytes");
        }
        entry = reader.getNextEntry();
        in.stopAt(maxBytes, maxBytes + " bytes");
        content = reader;
        end = in.position;
        long read = end - start;
        complete = read >= RECORD_BYTES;
        if (entry == null) {
            if (read < END_BYTES && read % RECORD_BYTES != 0) {
                throw new EOFException("it ends within a tar record");
            }
            return false;
        }
        check();
        end += (Math.min(size(), Long.MAX_VALUE / 2) + RECORD_BYTES - 1) / RECORD_BYTES * RECORD_BYTES;
        return true;
    }

    private void check() throws ArtifactException {
        if (!entry.isCheckSumOK()) {
            throw new ArtifactException(Problem.MALFORMED, part, "a tar header has a wrong checksum");
        }
        if (name().length() > MAX_NAME_CHARS) {
            throw new ArtifactException(Problem.TOO_LARGE, part, "a name of " + MAX_NAME_CHARS + " characters");
        }
        byte type = entry.getLinkFlag();
        boolean plain = type == TarConstants.LF_NORMAL || type == TarConstants.LF_OLDNORM;
        if (!directory() && !device() && (!plain || entry.isSparse())) {
            throw new ArtifactException(Problem.MALFORMED, part, name() + " is no regular file");
        }
    }

    /** {@return the entry's name} */
    String name() {
        return entry.getName();
    }

    /** {@return whether the entry is a directory} */
    boolean directory() {
        return entry.isDirectory();
    }

    /** {@return whether the entry is what mender-artifact writes of {@code /dev/null}, an empty file to all that read it} */
    private boolean device() {
        return entry.isCharacterDevice();
    }

    /** {@return the size of the entry's content in bytes} */
    long size() {
        return directory() || device() ? 0 : entry.getSize();
    }

    /** {@return where the entry ends, in bytes from the archive's beginning, padding included} */
    long end() {
        return end;
    }

    /** {@return the entry's content; closing it is optional} */
    InputStream content() {
        return content;
    }

    /**
     * Reads the entry's content into memory.
     *
     * @param most the most bytes that it may have
     */
    byte[] bytes(int most) throws IOException {
        if (size() > most) {
            throw new ArtifactException(Problem.TOO_LARGE, name(), most + " bytes");
        }
        return content.readAllBytes();
    }

    /** {@return whether the archive had the mark of its end, after the last entry} */
    boolean complete() {
        return complete;
    }

    /** Counts what is read of a stream, and stops it at a bound. */
    static final class Metered extends FilterInputStream {
        private final String part;
        private long position;
        private long limit;
        private String bound;

        /**
         * Begins at the first byte.
         *
         * @param in the bytes; not closed with this one
         * @param part what they are a part of
         * @param limit the most of them that are read
         * @param bound what to call that bound
         */
        Metered(InputStream in, String part, long limit, String bound) {
            super(in);
            this.part = part;
            stopAt(limit, bound);
        }

        private void stopAt(long newLimit, String newBound) {
            limit = newLimit;
            bound = newBound;
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
}
