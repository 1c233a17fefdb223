package io.jenkins.plugins.mender.artifact;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a machine cannot unpack, seen in JVMs of their own that lack memory or zstd's native library. */
class UnreadableHereTest {
    /** Where zstd puts its native library, and where it is looked for. */
    private static final String NO_FOLDER = "-DZstdTempFolder=/nowhere";

    private static final String NO_LIBRARY = "-DZstdNativePath=/nowhere/libzstd-jni.so";

    @TempDir
    private Path folder;

    /** What is tried to read in a JVM of its own: the file, as often as there are ways of reading. */
    public static void main(String[] files) throws IOException {
        for (Reading reading : Reading.values()) {
            try {
                reading.of(Files.readAllBytes(Path.of(files[0])));
                System.out.println("read");
            } catch (ArtifactException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void anXzDictionaryOf64MebibytesInAHeapOf64() throws Exception {
        Path file = ArtifactBuilder.recorded("rootfs-lzma.mender", folder);
        assertThat(
                reading("-Xmx64m", file), everyItem(is(Problem.UNREADABLE_HERE + ": header.tar.xz (Java heap space)")));
        assertThat(reading("-Xmx512m", file), everyItem(is("read")));
    }

    /** The first use of the library fails in one way, every later one in another; both say the same. */
    @ParameterizedTest
    @CsvSource({
        NO_FOLDER + ", Cannot unpack libzstd-jni",
        NO_LIBRARY + ", 'Can''t load library: /nowhere/libzstd-jni.so'"
    })
    void zstdWithoutItsNativeLibrary(String lack, String why) throws Exception {
        Path file = ArtifactBuilder.recorded("zstd.mender", folder);
        assertThat(reading(lack, file), everyItem(startsWith(Problem.UNREADABLE_HERE + ": header.tar.zst (" + why)));
    }

    @Test
    void whatNeedsNoZstdIsReadWithoutItsNativeLibrary() throws Exception {
        Path file = ArtifactBuilder.recorded("everything.mender", folder);
        assertThat(reading(NO_FOLDER, file), everyItem(is("read")));
    }

    /** Without its header a file is still seen to be cut short, or changed. */
    @Test
    void aFileThatIsBrokenAsWell() throws Exception {
        byte[] whole = ArtifactParts.recorded("zstd");
        Path cut = Files.write(folder.resolve("cut.mender"), Arrays.copyOf(whole, whole.length - 3 * RawTar.RECORD));
        assertThat(reading(NO_FOLDER, cut), everyItem(startsWith(Problem.TRUNCATED + ": data/0000.tar")));
        ArtifactParts parts = ArtifactParts.of(whole);
        byte[] header = parts.content("header.tar.zst");
        header[header.length - 1] ^= 1;
        Path changed = Files.write(folder.resolve("changed.mender"), parts.bytes());
        assertThat(reading(NO_FOLDER, changed), everyItem(is(Problem.CHECKSUM + ": header.tar.zst")));
    }

    @Test
    void aPayloadAlone() throws Exception {
        ArtifactBuilder builder = new ArtifactBuilder("release-1", "a").compressed(Compression.GZIP, Compression.ZSTD);
        Path file = builder.write(folder.resolve("payload.mender"));
        assertThat(reading(NO_FOLDER, file), everyItem(startsWith(Problem.UNREADABLE_HERE + ": data/0000.tar.zst (")));
    }

    /** {@return what came of each reading} */
    private List<String> reading(String option, Path file) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Duser.language=en", option));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(UnreadableHereTest.class.getName(), file.toString()));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int end = process.waitFor();
        List<String> lines = Files.readAllLines(output);
        assertThat(String.join("\n", lines), end, is(0));
        assertThat(lines.toString(), lines.size(), is(Reading.values().length));
        return lines;
    }
}
