package io.jenkins.plugins.mender.artifact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.InnerArchive;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What reading costs, measured in bytes and not in time. The property {@code mender.payload} gives the payload's size in MiB
 * for figures that say more than those of the usual run.
 */
class ReadingCostTest {
    private static final long MIB = 1024 * 1024;
    private static final long HUGE = 10 * 1024 * MIB;
    private static final int USUAL = 128;
    private static final int PAYLOAD = Integer.getInteger("mender.payload", USUAL);

    @TempDir
    private Path folder;

    /** Reads a file in full and tells what it took; in a JVM of its own, with a bound on its memory. */
    public static void main(String[] files) throws IOException {
        long start = System.nanoTime();
        ArtifactContents contents = ArtifactReader.read(Path.of(files[0]), true);
        double seconds = (System.nanoTime() - start) / 1e9;
        double processor = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
        double payload = contents.payloads().get(0).files().get(0).size() / (double) MIB;
        double heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .map(MemoryPoolMXBean::getPeakUsage)
                        .mapToLong(usage -> usage.getUsed())
                        .sum()
                / (double) MIB;
        System.out.printf(
                Locale.ROOT,
                "%s: payload of %.0f MiB, file of %.0f MiB, read in %.1f s, which took %.1f s of a processor: %.0f MiB"
                        + " for each; heap at most %.0f of %.0f MiB%n",
                contents.payloads().get(0).compression(),
                payload,
                contents.size() / (double) MIB,
                seconds,
                processor,
                payload / processor,
                heap,
                Runtime.getRuntime().maxMemory() / (double) MIB);
    }

    /** 10 GiB, of which all but the beginning is a hole that takes no room on the disk. */
    @ParameterizedTest
    @EnumSource
    void theStructureOfAHugeArtifactIsSeenFromItsBeginning(Compression compression) throws IOException {
        Path file = huge(compression);
        try (CountingChannel channel = new CountingChannel(Files.newByteChannel(file))) {
            List<PayloadFile> files =
                    ArtifactReader.read(channel, false).payloads().get(0).files();
            assertThat(files.get(0).size(), is(HUGE));
            System.out.println(compression + ": " + channel.bytes() + " bytes read of " + channel.size());
            assertThat(channel.bytes(), is(lessThan(MIB)));
        }
        try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 2 * RawTar.RECORD - 1);
        }
        assertThat(Reading.failure(() -> ArtifactReader.read(file, false)).problem(), is(Problem.TRUNCATED));
    }

    private Path huge(Compression compression) throws IOException {
        ArtifactParts parts = ArtifactParts.of(new ArtifactBuilder("huge", "qemux86-64"));
        byte[] head = RawTar.binarySize(Arrays.copyOf(parts.content("data/0000.tar"), RawTar.RECORD), 0, HUGE);
        String data = "data/0000.tar" + InnerArchive.suffix(compression);
        byte[] artifact = parts.rename("data/0000.tar", data)
                .packed(data, head)
                .withSums()
                .bytes();
        int entry = RawTar.headers(artifact).get(3);
        byte[] beginning = RawTar.binarySize(artifact, entry, HUGE + 3 * RawTar.RECORD);
        Path file = folder.resolve("huge.mender");
        try (SeekableByteChannel channel = Files.newByteChannel(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.wrap(beginning));
            channel.position(entry + RawTar.RECORD + HUGE + 5 * RawTar.RECORD - 1);
            channel.write(ByteBuffer.wrap(new byte[1]));
        }
        return file;
    }

    /** Memory for xz is that for its dictionary, 64 MiB, and 96 MiB are too few beside it for some garbage collectors. */
    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"NONE", "GZIP", "ZSTD"})
    void allOfALargeArtifactIsReadInLittleMemory(Compression compression) throws Exception {
        Path file = new ArtifactBuilder("large", "qemux86-64")
                .payload(PAYLOAD * MIB)
                .random(PAYLOAD == USUAL ? 0 : 4)
                .compressed(Compression.GZIP, compression)
                .write(folder.resolve("large.mender"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReadingCostTest.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.print(output);
        assertThat(output, process.waitFor(), is(0));
        assertThat(output, containsString("payload of " + PAYLOAD + " MiB"));
    }
}
