package io.jenkins.plugins.mender.simulator;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import io.jenkins.plugins.mender.artifact.Compression;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/** The tars within an Artifact, as mender-artifact writes them. */
public final class InnerArchive {
    /** Small, for tests read many of them. */
    private static final int XZ_DICTIONARY_BYTES = 256 * 1024;

    private static final int RECORD_BYTES = 512;

    private InnerArchive() {}

    /** {@return the suffix of a part that is compressed so} */
    public static String suffix(Compression compression) {
        return switch (compression) {
            case NONE -> "";
            case GZIP -> ".gz";
            case XZ -> ".xz";
            case ZSTD -> ".zst";
        };
    }

    /** {@return how a part is compressed by its name} */
    public static Compression compression(String part) {
        for (Compression compression : Compression.values()) {
            if (compression != Compression.NONE && part.endsWith(suffix(compression))) {
                return compression;
            }
        }
        return Compression.NONE;
    }

    /** {@return a stream that compresses} */
    public static OutputStream compress(Compression compression, OutputStream out) throws IOException {
        return switch (compression) {
            case NONE -> out;
            case GZIP -> new GZIPOutputStream(out, 64 * 1024);
            case XZ -> {
                LZMA2Options options = new LZMA2Options(LZMA2Options.PRESET_MIN);
                options.setDictSize(XZ_DICTIONARY_BYTES);
                yield new XZOutputStream(out, options);
            }
            case ZSTD -> new ZstdOutputStream(out);
        };
    }

    /** {@return bytes compressed} */
    public static byte[] compressed(Compression compression, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compress(compression, bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    /** {@return bytes decompressed} */
    public static byte[] decompressed(Compression compression, byte[] content) throws IOException {
        InputStream in = new ByteArrayInputStream(content);
        try (InputStream plain =
                switch (compression) {
                    case NONE -> in;
                    case GZIP -> new GZIPInputStream(in);
                    case XZ -> new XZInputStream(in);
                    case ZSTD -> new ZstdInputStream(in);
                }) {
            return plain.readAllBytes();
        }
    }

    /** {@return a tar of some files, in their order} */
    public static byte[] tar(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = writer(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                put(tar, file.getKey(), file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    /** {@return a writer of tars with names and sizes of any length, without more at the end than there must be} */
    static TarArchiveOutputStream writer(OutputStream out) {
        return writer(out, RECORD_BYTES);
    }

    /** {@return a writer of tars that fills the last block} */
    static TarArchiveOutputStream writer(OutputStream out, int blockBytes) {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, blockBytes, StandardCharsets.UTF_8.name());
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        return tar;
    }

    static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setModTime(0); // a time of now would come with a header of its own for its fractions
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
