package io.jenkins.plugins.mender.benchmark;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A process that has ended, and what it took. GNU time measures what the operating system alone knows; without it CPU and
 * memory are not a number.
 *
 * @param seconds from start to end
 * @param cpuSeconds of all its threads, in user and system mode
 * @param peakMebibytes the most memory that it had (resident set)
 * @param exit its exit code
 * @param lines what it wrote to standard output
 */
record TimedProcess(double seconds, double cpuSeconds, double peakMebibytes, int exit, List<String> lines) {
    private static final Path GNU_TIME = Path.of("/usr/bin/time");

    TimedProcess {
        lines = List.copyOf(lines);
    }

    static boolean measuresCpu() {
        return Files.isExecutable(GNU_TIME);
    }

    /** Runs a command to its end. What it says on standard error goes where the benchmark's does. */
    static TimedProcess run(List<String> command) throws IOException, InterruptedException {
        Path usage = Files.createTempFile("usage", "");
        try {
            List<String> timed = new ArrayList<>(command);
            if (measuresCpu()) {
                timed.addAll(0, List.of(GNU_TIME.toString(), "-q", "-f", "%U %S %M", "-o", usage.toString()));
            }
            ProcessBuilder builder = new ProcessBuilder(timed).redirectError(Redirect.INHERIT);
            long start = System.nanoTime();
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            double seconds = (System.nanoTime() - start) / 1e9;
            String[] figures = Files.readString(usage).strip().split(" ");
            boolean measured = figures.length == 3;
            return new TimedProcess(
                    seconds,
                    measured ? Double.parseDouble(figures[0]) + Double.parseDouble(figures[1]) : Double.NaN,
                    measured ? Double.parseDouble(figures[2]) / 1024 : Double.NaN,
                    exit,
                    output.lines().toList());
        } finally {
            Files.delete(usage);
        }
    }

    /** {@return the first number that it printed as {@code name=number}} */
    double printedFirst(String name) {
        return numbers(name).findFirst().orElse(Double.NaN);
    }

    /** {@return the last number that it printed as {@code name=number}} */
    double printed(String name) {
        return numbers(name).reduce((before, last) -> last).orElse(Double.NaN);
    }

    private DoubleStream numbers(String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + "="))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)));
    }
}
