package io.jenkins.plugins.mender.artifact;

import java.util.Optional;
import java.util.stream.Stream;

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
}
