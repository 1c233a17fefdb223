package io.jenkins.plugins.mender.benchmark;

import io.jenkins.plugins.mender.api.ArtifactFile;
import io.jenkins.plugins.mender.api.ConnectionSettings;
import io.jenkins.plugins.mender.api.InvalidServerUrlException;
import io.jenkins.plugins.mender.api.LocalTransport;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.upload.Credential;
import io.jenkins.plugins.mender.upload.Inspector;
import io.jenkins.plugins.mender.upload.Preparation;
import io.jenkins.plugins.mender.upload.UploadFailure;
import io.jenkins.plugins.mender.upload.UploadLog;
import io.jenkins.plugins.mender.upload.UploadOptions;
import io.jenkins.plugins.mender.upload.UploadSession;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * The plugin's engine in a JVM of its own: everything that a build step does but Jenkins. Prints {@code name=number} lines:
 * for each time it uploads {@code seconds}, the first time counted from the first line of {@code main}, and {@code cpu}, the
 * CPU's seconds of the whole JVM; then {@code heap}, the peak in bytes. Ends with exit code 1 when not everything was uploaded.
 */
final class EngineRun {
    private final String url;
    private final String token;

    private EngineRun(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** How often, and whether one after another. */
    enum Way {
        /** All files in one step. */
        ONCE,
        /** All files in one step, three times: the last finds all classes loaded and compiled. */
        THRICE,
        /** A step for each file, all at the same time. */
        AT_ONCE
    }

    /**
     * Uploads.
     *
     * @param arguments the server's URL, the token, the {@link Way}, the files
     */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        long start = System.nanoTime();
        EngineRun run = new EngineRun(arguments[0], arguments[1]);
        List<ArtifactFile> files = new ArrayList<>();
        for (String argument : List.of(arguments).subList(3, arguments.length)) {
            Path file = Path.of(argument);
            files.add(new ArtifactFile(file.getFileName().toString(), argument, Files.size(file)));
        }
        Way way = Way.valueOf(arguments[2]);
        int times = way == Way.THRICE ? 3 : 1;
        int uploaded = 0;
        double cpu = 0;
        for (int i = 0; i < times; i++) {
            uploaded += way == Way.AT_ONCE ? run.atOnce(files) : run.upload(files);
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpuNow = cpuSeconds();
            System.out.println("seconds=" + seconds);
            System.out.println("cpu=" + (cpuNow - cpu));
            cpu = cpuNow;
            start = System.nanoTime();
        }
        System.out.println("heap=" + peakHeapBytes());
        System.exit(uploaded == times * files.size() ? 0 : 1);
    }

    private static double cpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L) / 1e9;
    }

    private int atOnce(List<ArtifactFile> files) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(files.size());
        try {
            List<Future<Integer>> uploads = new ArrayList<>();
            for (ArtifactFile file : files) {
                uploads.add(threads.submit(() -> upload(List.of(file))));
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

    private int upload(List<ArtifactFile> files) throws InterruptedException {
        UploadLog log = line -> {};
        UploadOptions options = UploadOptions.defaults();
        try {
            UploadSession session = UploadSession.open(
                    new LocalTransport(ConnectionSettings.defaults().withoutCertificateCheck()),
                    MenderServer.parse(url),
                    new Credential.BearerToken("mender-pat", token),
                    log,
                    Clock.systemUTC());
            return session.upload(new Preparation(Inspector::local, options, log).prepare(files), options)
                    .size();
        } catch (UploadFailure e) {
            System.err.println(e.getMessage());
            return 0;
        } catch (InvalidServerUrlException e) {
            throw new IllegalArgumentException(url, e);
        }
    }

    /** The sum of each pool's own peak, which is more than was ever used at one time. */
    private static long peakHeapBytes() {
        Stream<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream();
        return pools.filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
    }
}
