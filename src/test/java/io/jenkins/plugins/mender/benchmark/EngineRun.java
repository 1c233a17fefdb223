package io.jenkins.plugins.mender.benchmark;

import io.jenkins.plugins.mender.artifact.ArtifactFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The plugin's engine in a JVM of its own: everything that a build step does but Jenkins. Prints {@code name=number} lines:
 * for each time it uploads {@code seconds}, the first time counted from the first line of {@code main}, and {@code cpu}, the
 * CPU's seconds of the whole JVM; then perhaps {@code heap}, the peak in bytes. Ends with exit code 1 when not everything was uploaded.
 */
final class EngineRun {
    private EngineRun() {}

    /** How often, and whether one after another. */
    enum Way {
        /** All files in one step. */
        ONCE,
        /** All files in one step, three times: the last finds all classes loaded and compiled. */
        THRICE,
        /** All files in one step, watching the heap, which takes some time itself. */
        WATCHED,
        /** A step for each file, all at the same time, watching the heap; then the same again. */
        AT_ONCE
    }

    /**
     * Uploads.
     *
     * @param arguments the server's URL, the token, the {@link Way}, the files
     */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        long start = System.nanoTime();
        Engine engine = new Engine(arguments[0], arguments[1]);
        List<ArtifactFile> files = new ArrayList<>();
        for (String argument : List.of(arguments).subList(3, arguments.length)) {
            Path file = Path.of(argument);
            files.add(ArtifactFile.of(file.getFileName().toString(), file));
        }
        Way way = Way.valueOf(arguments[2]);
        boolean watched = way == Way.WATCHED || way == Way.AT_ONCE;
        Optional<PeakHeap> heap = watched ? Optional.of(PeakHeap.watch()) : Optional.empty();
        int times = way == Way.THRICE ? 3 : way == Way.AT_ONCE ? 2 : 1;
        int uploaded = 0;
        double cpu = 0;
        for (int i = 0; i < times; i++) {
            uploaded += way == Way.AT_ONCE ? atOnce(engine, files) : engine.upload(files);
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpuNow = cpuSeconds();
            System.out.println("seconds=" + seconds);
            System.out.println("cpu=" + (cpuNow - cpu));
            cpu = cpuNow;
            start = System.nanoTime();
        }
        heap.ifPresent(peak -> System.out.println("heap=" + peak.bytes()));
        System.exit(uploaded == times * files.size() ? 0 : 1);
    }

    private static double cpuSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(Duration::toNanos)
                        .orElse(0L)
                / 1e9;
    }

    private static int atOnce(Engine engine, List<ArtifactFile> files) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(files.size());
        try {
            List<Future<Integer>> uploads = new ArrayList<>();
            for (ArtifactFile file : files) {
                uploads.add(threads.submit(() -> engine.upload(List.of(file))));
            }
            int uploaded = 0;
            for (Future<Integer> upload : uploads) {
                uploaded += upload.get();
            }
            return uploaded;
        } finally {
            threads.shutdown();
        }
    }
}
