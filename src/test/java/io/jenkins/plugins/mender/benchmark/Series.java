package io.jenkins.plugins.mender.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What one way to upload took, round by round. */
final class Series {
    private final String name;
    private final List<Double> seconds = new ArrayList<>();
    private final List<Double> cpuSeconds = new ArrayList<>();
    private final List<Double> mebibytes = new ArrayList<>();

    Series(String name) {
        this.name = name;
    }

    /** Adds a round. */
    void add(double wallSeconds, double cpu, double peakMebibytes) {
        seconds.add(wallSeconds);
        cpuSeconds.add(cpu);
        mebibytes.add(peakMebibytes);
    }

    /** Adds a round of which nothing but the time is known, in whatever unit the series has. */
    void add(double time) {
        add(time, Double.NaN, Double.NaN);
    }

    void add(TimedProcess process) {
        add(process.seconds(), process.cpuSeconds(), process.peakMebibytes());
    }

    String name() {
        return name;
    }

    boolean isEmpty() {
        return seconds.isEmpty();
    }

    double seconds() {
        return median(seconds);
    }

    double cpuSeconds() {
        return median(cpuSeconds);
    }

    double mebibytes() {
        return median(mebibytes);
    }

    /** {@return the median of each round's ratio: what disturbs a round disturbs both} */
    double ratioTo(Series other) {
        int rounds = Math.min(seconds.size(), other.seconds.size());
        return median(IntStream.range(0, rounds)
                .mapToObj(i -> seconds.get(i) / other.seconds.get(i))
                .toList());
    }

    /** {@return the middle one, or not a number when there is none} */
    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
