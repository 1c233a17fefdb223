package io.jenkins.plugins.mender.artifact;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

/**
 * How an inner archive of an Artifact is compressed; header and data say it each by a suffix of its own. Archives are opened
 * within bounds of memory, which the streams of commons-compress have no way to give: its gzip stream keeps a file name of any
 * length, its xz stream a new dictionary for each of any number of blocks.
 */
public enum Compression {
    /** Not at all. */
    NONE(""),
    /** {@code .gz}, mender-artifact's default. */
    GZIP(".gz"),
    /** {@code .xz}, which mender-artifact calls lzma. */
    XZ(".xz"),
    /** {@code .zst}. */
    ZSTD(".zst");

    /** mender-artifact's xz asks for a dictionary of 64 MiB, whatever the size of the file; the rest is state beside it. */
    private static final int XZ_MEMORY_KIB = 64 * 1024 + 1024;

    /** 128 MiB, native memory; the most that zstd's own command takes without being told to. */
    private static final int ZSTD_WINDOW_LOG = 27;

    private static final int BUFFER_BYTES = 64 * 1024;

    private final String suffix;

    Compression(String suffix) {
        this.suffix = suffix;
    }

    /** {@return what it adds to an archive's name} */
    String suffix() {
        return suffix;
    }

    /**
     * Tells the compression of an inner archive from its name.
     *
     * @param entryName name of a tar entry, such as {@code header.tar.gz}
     * @param archive the archive's name without compression, such as {@code header.tar}
     * @return the compression, or empty when the entry is not that archive
     */
    static Optional<Compression> of(String entryName, String archive) {
        return Stream.of(values())
                .filter(compression -> entryName.equals(archive + compression.suffix))
                .findFirst();
    }

    /**
     * Opens a stream of the decompressed bytes; to be closed, which gives back native memory.
     *
     * @param dictionaries lets the blocks and archives of one Artifact have the same dictionary one after the other
     */
    InputStream open(InputStream in, ArrayCache dictionaries) throws IOException {
        return switch (this) {
            case NONE -> in;
            case GZIP -> new GZIPInputStream(in, BUFFER_BYTES);
            case XZ -> new XZInputStream(in, XZ_MEMORY_KIB, dictionaries);
            case ZSTD -> Zstandard.open(in);
        };
    }

    /** A class of its own, which is loaded when an archive needs it: a fresh agent has to fetch 7 MB of native libraries for it. */
    private static final class Zstandard {
        static InputStream open(InputStream in) throws IOException {
            ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(in);
            try {
                return zstd.setLongMax(ZSTD_WINDOW_LOG);
            } catch (IOException e) {
                zstd.close();
                throw e;
            }
        }
    }

    /**
     * Tells a machine that lacks something from a broken archive: the memory that the archive asks for, be it more than there is
     * or than it gets here, or zstd's native library. Where that could not be loaded once, every later use fails in another way.
     */
    static boolean isBeyondThisMachine(Throwable e) {
        return e instanceof LinkageError
                || e instanceof OutOfMemoryError
                || e instanceof MemoryLimitException
                || e instanceof ZstdIOException zstd
                        && (zstd.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()
                                || zstd.getErrorCode() == Zstd.errMemoryAllocation());
    }
}
