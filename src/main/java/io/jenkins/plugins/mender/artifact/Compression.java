package io.jenkins.plugins.mender.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/** How an inner archive of an Artifact is compressed; header and data say it each by a suffix of its own. */
public enum Compression {
    /** Not at all. */
    NONE(""),
    /** {@code .gz}, mender-artifact's default. */
    GZIP(".gz"),
    /** {@code .xz}, which mender-artifact calls lzma. */
    XZ(".xz"),
    /** {@code .zst}. */
    ZSTD(".zst");

    /** mender-artifact's strongest xz setting asks for a dictionary of 64 MiB; a little more is kept beside it. */
    private static final int XZ_MEMORY_KIB = 80 * 1024;

    private final String suffix;

    Compression(String suffix) {
        this.suffix = suffix;
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

    /** Opens a stream of the decompressed bytes. */
    InputStream open(InputStream in) throws IOException {
        return switch (this) {
            case NONE -> in;
            case GZIP -> new GzipCompressorInputStream(in, true);
            case XZ -> new XZCompressorInputStream(in, true, XZ_MEMORY_KIB);
            case ZSTD -> new ZstdCompressorInputStream(in);
        };
    }
}
