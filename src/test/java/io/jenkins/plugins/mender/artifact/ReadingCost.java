package io.jenkins.plugins.mender.artifact;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.Locale;

/** Reads an Artifact in full and tells what it took; to be run in a JVM of its own, with a bound on its memory. */
final class ReadingCost {
    private static final double MIB = 1024 * 1024;

    private ReadingCost() {}

    /** Takes the file's path. */
    public static void main(String[] arguments) throws IOException {
        long start = System.nanoTime();
        ArtifactContents contents = ArtifactReader.read(Path.of(arguments[0]), true);
        double seconds = (System.nanoTime() - start) / 1e9;
        double processor = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
        double payload = contents.payloads().get(0).files().get(0).size() / MIB;
        double heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .map(MemoryPoolMXBean::getPeakUsage)
                        .mapToLong(usage -> usage.getUsed())
                        .sum()
                / MIB;
        System.out.printf(
                Locale.ROOT,
                "%s: payload of %.0f MiB, file of %.0f MiB, read in %.1f s, which took %.1f s of a processor: %.0f MiB"
                        + " for each; heap at most %.0f of %.0f MiB%n",
                contents.payloads().get(0).compression(),
                payload,
                contents.size() / MIB,
                seconds,
                processor,
                payload / processor,
                heap,
                Runtime.getRuntime().maxMemory() / MIB);
    }
}
