package io.jenkins.plugins.mender.benchmark;

import io.jenkins.plugins.mender.benchmark.EngineRun.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What one race with a big file does not show: memory, many files, many uploads, refusals. */
final class OtherFigures {
    private static final double MEBIBYTE = 1024 * 1024;

    private final SinkProcess sink;
    private final Report report;

    OtherFigures(SinkProcess sink, Report report) {
        this.sink = sink;
        this.report = report;
    }

    /** What the JVM's start takes of all figures of whole processes. */
    void start(int rounds) throws IOException, InterruptedException {
        report.heading("What the JVM's start takes");
        report.paragraph("Medians of " + rounds + " runs that do next to nothing.");
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"", "seconds", "CPU seconds", "peak MiB"});
        rows.add(startRow(rounds, "a JVM that does nothing"));
        for (boolean encrypted : List.of(false, true)) {
            String get = "HttpClient 5 without the engine, one GET, " + way(encrypted);
            rows.add(startRow(rounds, get, sink.url(encrypted) + "/api/management/v1/useradm/users/me"));
        }
        report.table(rows);
    }

    private static String[] startRow(int rounds, String name, String... arguments)
            throws IOException, InterruptedException {
        Series series = new Series(name);
        for (int round = 0; round < rounds; round++) {
            TimedProcess run = TimedProcess.run(Commands.java(JvmStart.class, arguments));
            if (run.exit() != 0) {
                throw new IOException(name + " failed, exit code " + run.exit());
            }
            series.add(run);
        }
        return new String[] {
            name, Report.number(series.seconds()), Report.number(series.cpuSeconds()), Report.number(series.mebibytes())
        };
    }

    /** The heap does not grow with the file. */
    void heap(Path file, String size) throws IOException, InterruptedException {
        for (boolean encrypted : List.of(false, true)) {
            TimedProcess run = engine(Way.WATCHED, encrypted, "token", List.of(file));
            report.goal(
                    "peak heap at " + size + ", " + way(encrypted),
                    run.printed("heap") / MEBIBYTE,
                    Commands.HEAP_MEBIBYTES,
                    " MiB");
        }
    }

    /** One file after another. */
    void smallFiles(List<Path> files) throws IOException, InterruptedException {
        report.heading(files.size() + " Artifacts of 10 KB in a row");
        report.paragraph(
                "The engine takes all files in one step, and looks each up before it sends it. The others are called"
                        + " once for each file.");
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"", "plain HTTP, seconds", "TLS, seconds"});
        rows.add(new String[] {
            "the plugin's engine, whole process",
            Report.number(engine(Way.ONCE, false, "token", files).seconds()),
            Report.number(engine(Way.ONCE, true, "token", files).seconds())
        });
        rows.add(new String[] {
            "… in a JVM that has uploaded before",
            Report.number(engine(Way.THRICE, false, "token", files).printed("seconds")),
            Report.number(engine(Way.THRICE, true, "token", files).printed("seconds"))
        });
        if (Commands.installed("curl")) {
            rows.add(new String[] {"`curl`", eachByCurl(files, false), eachByCurl(files, true)});
        }
        if (Commands.installed("mender-cli")) {
            rows.add(new String[] {"`mender-cli`", eachByMenderCli(files, false), eachByMenderCli(files, true)});
        }
        report.table(rows);
    }

    private String eachByCurl(List<Path> files, boolean encrypted) throws IOException, InterruptedException {
        double seconds = 0;
        for (Path file : files) {
            seconds += TimedProcess.run(Commands.curl(sink.url(encrypted), "token", file))
                    .seconds();
        }
        return Report.number(seconds);
    }

    private String eachByMenderCli(List<Path> files, boolean encrypted) throws IOException, InterruptedException {
        double seconds = 0;
        for (Path file : files) {
            seconds += TimedProcess.run(Commands.menderCli(sink.url(encrypted), "token", file))
                    .seconds();
        }
        return Report.number(seconds);
    }

    /** All files at once, from one JVM. */
    void atOnce(List<Path> files, int mebibytes) throws IOException, InterruptedException {
        report.heading(files.size() + " uploads at once from one JVM");
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"Artifacts of " + mebibytes + " MiB each", "seconds", "MiB/s", "heap MiB"});
        for (boolean encrypted : List.of(false, true)) {
            TimedProcess run = engine(Way.AT_ONCE, encrypted, "token", files);
            double first = run.printedFirst("seconds");
            double again = run.printed("seconds");
            String heap = Report.number(run.printed("heap") / MEBIBYTE);
            int all = files.size() * mebibytes;
            rows.add(new String[] {way(encrypted), Report.number(first), Report.number(all / first), heap});
            rows.add(new String[] {"… the same again", Report.number(again), Report.number(all / again), heap});
        }
        report.table(rows);
    }

    /** How soon a refused token is noticed, and what was sent by then. */
    void refusals(Path file, String size) throws IOException, InterruptedException {
        report.heading("A refused token, with a file of " + size);
        report.paragraph(
                "What was sent is what the sink got: headers and bodies, without TLS. *Unknown* is a token that the"
                        + " server does not know at all; *may not upload* is one that is refused at the upload only, which nothing"
                        + " but the question for consent (`Expect: 100-continue`) notices in time.");
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"", "whole process, seconds", "without the JVM's start", "bytes sent"});
        sink.takeReceived();
        for (boolean encrypted : List.of(false, true)) {
            for (String token : List.of(SinkConnection.REFUSED, SinkConnection.REFUSED_UPLOAD)) {
                String kind = token.equals(SinkConnection.REFUSED) ? "unknown" : "may not upload";
                TimedProcess run =
                        TimedProcess.run(Commands.engine(Way.ONCE, sink.url(encrypted), token, List.of(file)));
                long sent = sink.takeReceived();
                String what = way(encrypted) + ", token: " + kind;
                report.goal("refusal noticed, " + what + ", whole process", run.seconds(), 1, " s");
                report.goal("refusal noticed, " + what + ", without the JVM's start", run.printed("seconds"), 1, " s");
                report.goal("sent by then, " + what, sent / 1024.0, 128, " KiB");
                rows.add(new String[] {
                    "the plugin's engine, " + what,
                    Report.number(run.seconds()),
                    Report.number(run.printed("seconds")),
                    Report.number(sent)
                });
            }
            if (Commands.installed("curl")) {
                rows.add(
                        refused("`curl`", Commands.curl(sink.url(encrypted), SinkConnection.REFUSED, file), encrypted));
            }
            if (Commands.installed("mender-cli")) {
                rows.add(refused(
                        "`mender-cli`",
                        Commands.menderCli(sink.url(encrypted), SinkConnection.REFUSED, file),
                        encrypted));
            }
        }
        report.table(rows);
    }

    private String[] refused(String name, List<String> command, boolean encrypted)
            throws IOException, InterruptedException {
        TimedProcess run = TimedProcess.run(command);
        return new String[] {
            name + ", " + way(encrypted), Report.number(run.seconds()), "–", Report.number(sink.takeReceived())
        };
    }

    private TimedProcess engine(Way way, boolean encrypted, String token, List<Path> files)
            throws IOException, InterruptedException {
        TimedProcess run = TimedProcess.run(Commands.engine(way, sink.url(encrypted), token, files));
        if (run.exit() != 0) {
            throw new IOException("the engine did not upload, exit code " + run.exit());
        }
        return run;
    }

    private static String way(boolean encrypted) {
        return encrypted ? "TLS" : "plain HTTP";
    }
}
