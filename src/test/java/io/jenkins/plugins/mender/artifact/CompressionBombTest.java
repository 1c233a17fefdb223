package io.jenkins.plugins.mender.artifact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.InnerArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Compressed archives made to cost memory or time. */
class CompressionBombTest {
    private static final int MIB = 1024 * 1024;

    private ArtifactParts parts;

    @BeforeEach
    void takeApart() throws IOException {
        parts = ArtifactParts.of(new ArtifactBuilder("release-1", "qemux86-64").script("ArtifactInstall_Enter_01"));
    }

    @ParameterizedTest
    @EnumSource
    void largeHeaders(Compression compression) throws IOException {
        Map<String, byte[]> header = parts.files("header.tar");
        header.put("scripts/ArtifactInstall_Enter_01", new byte[17 * MIB]);
        String name = "header.tar" + InnerArchive.suffix(compression);
        parts.rename("header.tar", name)
                .replace("manifest", parts.text("manifest").replace("header.tar", name))
                .packed(name, InnerArchive.tar(header))
                .withSums();
        Reading.tooLarge(parts, name, "16777216 bytes");
    }

    /** All of these have a megabyte of nothing before the first file, or any number of them. */
    @ParameterizedTest
    @ValueSource(strings = {"gzip name", "gzip blocks", "xz padding", "zstd frames"})
    void compressedArchivesThatBeginWithNothing(String kind) throws IOException {
        Compression compression =
                Compression.valueOf(kind.replaceFirst(" .*", "").toUpperCase(Locale.ROOT));
        String name = "data/0000.tar" + InnerArchive.suffix(compression);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        switch (kind) {
            case "gzip name" -> {
                bytes.write(new byte[] {0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 0});
                bytes.write("n".repeat(4 * MIB).getBytes(StandardCharsets.US_ASCII));
            }
            case "gzip blocks" -> {
                bytes.write(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0});
                for (int i = 0; i < 4 * MIB / 5; i++) {
                    bytes.write(new byte[] {0, 0, 0, -1, -1});
                }
            }
            case "xz padding" -> {
                bytes.write(InnerArchive.compressed(compression, new byte[0]));
                bytes.write(new byte[4 * MIB]);
            }
            default -> {
                for (int i = 0; i < 4; i++) {
                    bytes.write(new byte[] {0x50, 0x2a, 0x4d, 0x18, 0, 0, 16, 0});
                    bytes.write(new byte[MIB]);
                }
            }
        }
        parts.rename("data/0000.tar", name).replace(name, bytes.toByteArray());
        CountingChannel file = new CountingChannel(new SeekableInMemoryByteChannel(parts.bytes()));
        ArtifactException e = Reading.failure(() -> ArtifactReader.read(file, false));
        assertThat(e.getMessage(), e.problem(), is(Problem.TOO_LARGE));
        assertThat(e.detail(), is("524288 bytes before its first file"));
        assertThat(file.bytes(), is(lessThan((long) MIB)));
    }

    /** 32 MiB of zeros in a few kilobytes, behind the payload's only file. */
    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "XZ", "ZSTD"})
    void whatFollowsTheFilesIsNotDecompressed(Compression compression) throws IOException {
        String name = "data/0000.tar" + InnerArchive.suffix(compression);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = InnerArchive.compress(compression, bytes)) {
            out.write(parts.content("data/0000.tar"));
            for (int i = 0; i < 32; i++) {
                out.write(new byte[MIB]);
            }
            out.write(1);
        }
        parts.rename("data/0000.tar", name).replace(name, bytes.toByteArray());
        assertThat(Reading.FULL.of(parts.bytes()).payloads().get(0).files().size(), is(1));
    }

    @Test
    void compressionsThatAskForMuchMemory() throws IOException {
        ByteArrayOutputStream xz = new ByteArrayOutputStream();
        try (XZOutputStream out = new XZOutputStream(xz, new LZMA2Options(0))) {
            out.write(parts.content("data/0000.tar"));
        }
        byte[] dictionary = xz.toByteArray();
        dictionary[16] = 29; // of 96 MiB, with the block header's checksum to go with it
        CRC32 crc = new CRC32();
        crc.update(dictionary, 12, 8);
        for (int i = 0; i < 4; i++) {
            dictionary[20 + i] = (byte) (crc.getValue() >> 8 * i);
        }
        parts.rename("data/0000.tar", "data/0000.tar.xz").replace("data/0000.tar.xz", dictionary);
        unreadableHere("data/0000.tar.xz", "98408 KiB of memory would be needed; limit was 66560 KiB");

        parts.rename("data/0000.tar.xz", "data/0000.tar.zst");
        byte[] window = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (18 << 3), 1, 0, 0
        }; // 256 MiB for an empty block
        parts.replace("data/0000.tar.zst", window);
        unreadableHere("data/0000.tar.zst", "Frame requires too much memory for decoding");
    }

    /** Servers have no such bound. */
    private void unreadableHere(String part, String why) throws IOException {
        for (Reading reading : Reading.values()) {
            ArtifactException e = reading.failure(parts.bytes());
            assertThat(e.getMessage(), e.problem(), is(Problem.UNREADABLE_HERE));
            assertThat(e.part(), is(part));
            assertThat(e.detail(), is(why));
        }
    }

    @Test
    void aDictionaryOfTheSizeThatMenderArtifactWritesIsRead() throws IOException {
        ByteArrayOutputStream xz = new ByteArrayOutputStream();
        LZMA2Options options = new LZMA2Options(9);
        try (XZOutputStream out = new XZOutputStream(xz, options)) {
            out.write(parts.content("data/0000.tar"));
        }
        assertThat(options.getDictSize(), is(64 * MIB));
        parts.rename("data/0000.tar", "data/0000.tar.xz").replace("data/0000.tar.xz", xz.toByteArray());
        assertThat(Reading.FULL.of(parts.bytes()).verified(), is(true));
    }
}
