package io.jenkins.plugins.mender.simulator;

import io.jenkins.plugins.mender.artifact.Compression;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The files of an {@link ArtifactBuilder}'s payload: those that were named, or one of random bytes and any size. */
final class PayloadFiles {
    private static final int BLOCK = 64 * 1024;

    /** What the command tar pads to. */
    private static final int TAR_BLOCK = 20 * 512;

    final Map<String, byte[]> named = new LinkedHashMap<>();
    long bytes = 1000;
    long seed = 1;
    int mask = 0xff;

    /**
     * Writes the inner archive, the same bytes each time, without closing what it is written to.
     *
     * @param sums takes name and checksum of each file
     * @return the archive's size in bytes
     */
    long write(OutputStream out, Compression compression, BiConsumer<String, byte[]> sums) throws IOException {
        Counting counting = new Counting(out);
        try (OutputStream compressing = InnerArchive.compress(compression, counting);
                TarArchiveOutputStream tar = InnerArchive.writer(compressing, TAR_BLOCK)) {
            if (named.isEmpty()) {
                put(tar, "payload.bin", bytes, sums, this::random);
            }
            for (Map.Entry<String, byte[]> file : named.entrySet()) {
                put(tar, file.getKey(), file.getValue().length, sums, to -> to.write(file.getValue()));
            }
        }
        return counting.written;
    }

    private static void put(
            TarArchiveOutputStream tar, String name, long size, BiConsumer<String, byte[]> sums, Content content)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        MessageDigest digest = ArtifactBuilder.digest();
        content.writeTo(new DigestOutputStream(tar, digest));
        tar.closeArchiveEntry();
        sums.accept(name, digest.digest());
    }

    private void random(OutputStream out) throws IOException {
        Random random = new Random(seed);
        byte[] block = new byte[BLOCK];
        for (long left = bytes; left > 0; left -= block.length) {
            random.nextBytes(block);
            for (int i = 0; mask != 0xff && i < block.length; i++) {
                block[i] &= (byte) mask;
            }
            out.write(block, 0, (int) Math.min(left, block.length));
        }
    }

    /** What a file holds. */
    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Counts, and leaves open what it writes to. */
    private static final class Counting extends FilterOutputStream {
        private long written;

        Counting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            written++;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            out.write(buffer, offset, length);
            written += length;
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }
}
