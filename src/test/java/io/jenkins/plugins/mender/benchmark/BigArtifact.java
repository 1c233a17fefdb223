package io.jenkins.plugins.mender.benchmark;

import io.jenkins.plugins.mender.benchmark.EngineRun.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The race: each client uploads the same Artifact to the same sink in turn, round by round. */
final class BigArtifact {
    private final SinkProcess sink;
    private final Path file;
    private final boolean encrypted;
    private final Series process = new Series("the plugin's engine, whole process");
    private final Series begun = new Series("… without the JVM's start");
    private final Series warm = new Series("… in a JVM that has uploaded before");
    private final Series curl = new Series("`curl`");
    private final Series menderCli = new Series("`mender-cli`");
    private final Series checksum = new Series("for comparison: `openssl dgst -sha256`, nothing sent");

    BigArtifact(SinkProcess sink, Path file, boolean encrypted) {
        this.sink = sink;
        this.file = file;
        this.encrypted = encrypted;
    }

    /** One client's turn. */
    @FunctionalInterface
    private interface Turn {
        void take() throws IOException, InterruptedException;
    }

    /** Runs the rounds; each begins with another client. What comes before them is not counted: it warms caches and the sink. */
    void race(int rounds) throws IOException, InterruptedException {
        List<Turn> turns = new ArrayList<>(List.of(this::engine, this::runningEngine));
        if (Commands.installed("curl")) {
            succeed(Commands.curl(url(), "token", file));
            turns.add(() -> curl.add(succeed(Commands.curl(url(), "token", file))));
        }
        if (Commands.installed("mender-cli")) {
            turns.add(() -> menderCli.add(succeed(Commands.menderCli(url(), "token", file))));
        }
        if (Commands.installed("openssl")) {
            turns.add(() -> checksum.add(succeed(List.of("openssl", "dgst", "-sha256", file.toString()))));
        }
        succeed(Commands.engine(Way.ONCE, url(), "token", List.of(file)));
        for (int round = 0; round < rounds; round++) {
            for (Turn turn : turns) {
                turn.take();
            }
            Collections.rotate(turns, 1);
        }
    }

    private void engine() throws IOException, InterruptedException {
        TimedProcess run = succeed(Commands.engine(Way.ONCE, url(), "token", List.of(file)));
        process.add(run);
        begun.add(run.printed("seconds"));
    }

    private void runningEngine() throws IOException, InterruptedException {
        TimedProcess run = succeed(Commands.engine(Way.THRICE, url(), "token", List.of(file)));
        warm.add(run.printed("seconds"), run.printed("cpu"), Double.NaN);
    }

    private String url() {
        return sink.url(encrypted);
    }

    private static TimedProcess succeed(List<String> command) throws IOException, InterruptedException {
        TimedProcess process = TimedProcess.run(command);
        if (process.exit() != 0) {
            throw new IOException(command.get(0) + " did not upload, exit code " + process.exit());
        }
        return process;
    }

    void report(Report report, double boundOfCurl) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            encrypted ? "TLS" : "Plain HTTP", "seconds", "of `curl`", "of `mender-cli`", "CPU seconds", "peak MiB"
        });
        for (Series series : List.of(process, begun, warm, curl, menderCli, checksum)) {
            if (series.isEmpty()) {
                continue;
            }
            rows.add(new String[] {
                series.name(),
                Report.number(series.seconds()),
                Report.number(series.ratioTo(curl)),
                Report.number(series.ratioTo(menderCli)),
                Report.number(series.cpuSeconds()),
                Report.number(series.mebibytes())
            });
        }
        report.table(rows);
        String way = encrypted ? "TLS" : "plain HTTP";
        for (Series series : List.of(process, begun, warm)) {
            String name = series == process ? "whole process" : series.name().replace("… ", "");
            report.goal("time against `curl`, " + way + ", " + name, series.ratioTo(curl), boundOfCurl, "");
            report.goal("time against `mender-cli`, " + way + ", " + name, series.ratioTo(menderCli), 1, "");
        }
    }
}
