package io.jenkins.plugins.mender.benchmark;

import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;

/**
 * Compares the plugin's engine, without Jenkins, with {@code curl} and {@code mender-cli}, as far as they are installed, and writes a page of
 * results. Takes some minutes and 7 GiB of temporary space.
 */
public final class Benchmark {
    private static final int SMALL_FILES = 100;
    private static final int AT_ONCE = 50;
    private static final int AT_ONCE_MEBIBYTES = 16;

    private Benchmark() {}

    /**
     * Runs the benchmark.
     *
     * @param arguments the page to write, the number of rounds, the big Artifact's size in MiB
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = Integer.parseInt(arguments[1]);
        int mebibytes = Integer.parseInt(arguments[2]);
        double load = Machine.load();
        Path folder = Files.createTempDirectory("mender-benchmark");
        Report report = new Report();
        try (SinkProcess sink = SinkProcess.start(folder)) {
            say("writing an Artifact of " + mebibytes + " MiB");
            Path big = artifact(folder, "big", mebibytes * 1024L * 1024);
            report.heading("One Artifact of " + size(mebibytes));
            for (boolean encrypted : List.of(false, true)) {
                say(rounds + " rounds, " + (encrypted ? "TLS" : "plain HTTP"));
                BigArtifact race = new BigArtifact(sink, big, encrypted);
                race.race(rounds);
                race.report(report, encrypted ? 1.15 : 1);
            }
            OtherFigures figures = new OtherFigures(sink, report);
            say("refused tokens");
            figures.refusals(big, size(mebibytes));
            figures.start(rounds);
            figures.heap(big, size(mebibytes));
            Files.delete(big);
            say("an Artifact of " + size(4 * mebibytes));
            figures.heap(artifact(folder, "huge", 4L * mebibytes * 1024 * 1024), size(4 * mebibytes));
            FileUtils.forceDelete(folder.resolve("huge.mender").toFile());
            say("small Artifacts, and many at once");
            figures.smallFiles(artifacts(folder, "small", SMALL_FILES, 100));
            figures.atOnce(artifacts(folder, "parallel", AT_ONCE, AT_ONCE_MEBIBYTES * 1024 * 1024), AT_ONCE_MEBIBYTES);
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
        report.write(Path.of(arguments[0]), introduction(rounds, load));
    }

    private static Path artifact(Path folder, String name, long bytes) throws IOException {
        return new ArtifactBuilder(name, "qemux86-64").payload(bytes).write(folder.resolve(name + ".mender"));
    }

    private static List<Path> artifacts(Path folder, String name, int count, long bytes) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            files.add(artifact(folder, name + i, bytes));
        }
        return files;
    }

    private static String introduction(int rounds, double load) throws IOException {
        List<String> missing = new ArrayList<>();
        for (String program : List.of("curl", "mender-cli")) {
            if (!Commands.installed(program)) {
                missing.add("`" + program + "` was not installed and is left out.");
            }
        }
        if (!TimedProcess.measuresCpu()) {
            missing.add("GNU `time` was not installed: CPU and memory were not measured.");
        }
        return """
                # Benchmark of the engine

                Written on %s, on %s. The
                machine's load was %s when it began and %s when it ended; more than 1 at the beginning means that other work
                disturbed it. %s

                All clients upload to the same sink on the loopback interface, a process of its own that throws the body away,
                one after another in turn, %d rounds after one that does not count. Figures are medians, ratios are medians of
                each round's ratio: at most 1 means that the engine was not slower. Each client skips the check of the
                certificate. The engine also looks for the Artifact first and takes the SHA-256 of what it sends, which the
                others do not; its heap is bound to %d MiB. Its time is given three times: for the *whole process*, as for the
                other clients, starting a JVM and loading all classes; from the first line of its `main` on, which loads the
                classes of HttpClient and Jackson but not the JVM; and for the third upload of a JVM, which is what an agent
                does that has been running for a while.
                """.formatted(
                        LocalDate.now(),
                        Machine.kind(),
                        Report.number(load),
                        Report.number(Machine.load()),
                        String.join(" ", missing),
                        rounds,
                        Commands.HEAP_MEBIBYTES);
    }

    private static String size(int mebibytes) {
        return mebibytes % 1024 == 0 ? mebibytes / 1024 + " GiB" : mebibytes + " MiB";
    }

    private static void say(String what) {
        System.out.println("Benchmark: " + what);
    }
}
