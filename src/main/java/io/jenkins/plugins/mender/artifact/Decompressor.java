package io.jenkins.plugins.mender.artifact;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.BasicArrayCache;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

/**
 * Opens the inner archives of one Artifact, within bounds of memory. The streams of commons-compress have no way to give these
 * bounds: its gzip stream keeps a file name of any length, its xz stream a new dictionary for each of any number of blocks.
 */
final class Decompressor {
    /** mender-artifact's xz asks for a dictionary of 64 MiB, whatever the size of the file; the rest is state beside it. */
    private static final int XZ_MEMORY_KIB = 64 * 1024 + 1024;

    /** 128 MiB, native memory; the most that zstd's own command takes without being told to. */
    private static final int ZSTD_WINDOW_LOG = 27;

    private static final int BUFFER_BYTES = 64 * 1024;

    /** Lets blocks, header and payloads have the same dictionary one after the other. */
    private final ArrayCache dictionaries = new BasicArrayCache();

    /** Opens a stream of the decompressed bytes; to be closed, which gives back native memory. */
    InputStream open(Compression compression, InputStream in) throws IOException {
        return switch (compression) {
            case NONE -> in;
            case GZIP -> new GZIPInputStream(in, BUFFER_BYTES);
            case XZ -> new XZInputStream(in, XZ_MEMORY_KIB, dictionaries);
            case ZSTD -> zstd(in);
        };
    }

    private static InputStream zstd(InputStream in) throws IOException {
        ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(in);
        try {
            return zstd.setLongMax(ZSTD_WINDOW_LOG);
        } catch (IOException e) {
            zstd.close();
            throw e;
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
