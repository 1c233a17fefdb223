package io.jenkins.plugins.mender.benchmark;

import io.jenkins.plugins.mender.benchmark.SinkProcess.Network;
import io.jenkins.plugins.mender.benchmark.StepJenkins.Agent;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.io.FileUtils;

/**
 * Compares the step {@code menderUpload} in a running Jenkins with what its users would write instead, and writes a page of results.
 * Takes half an hour, and 3 GiB of temporary space.
 */
public final class StepBenchmark {
    private static final int MANY_FILES = 50;
    private static final int MEBIBYTE = 1024 * 1024;
    private static final Goal FRESH = new Goal("first upload of a fresh agent, of `mender-cli`", 1);
    private static final Goal RESTARTED = new Goal("first upload of a restarted agent, of `mender-cli`", 1);
    private static final Goal LATER = new Goal("later uploads, of `mender-cli`", 0.8);
    private static final Goal LATER_CURL = new Goal("later uploads, of `curl` and `sha256sum`", 1.1);
    private static final Goal SLOW = new Goal("at 1 Gbit/s and 100 Mbit/s, of `mender-cli`", 1.02);
    private static final Goal SLOW_CURL = new Goal("at 1 Gbit/s and 100 Mbit/s, of `curl` and `sha256sum`", 1.02);

    private static final String EXPLANATION = """
            - **A fresh agent** needs some 800 classes. Of itself remoting asks the controller for each, which 20 ms away took longer than
              everything else; now the libraries (8 MB) travel whole, before the first class is asked for, and the JVM begins with HttpClient while
              the file is looked for (`AgentClasses`).
            - **`sh` is no small thing** either: a fresh agent loads its classes one by one, and later ones start a shell, look for its end every
              quarter of a second at first, and send 100 KB to and fro for it.
            - **The file is read once.** SHA-256 and MD5, by which Jenkins knows files, are taken by a thread each while the socket takes what it can;
              on a network that costs nothing. On two cores that also run controller and server it is what large files wait for: see what the
              checksums of 1 GiB take by themselves, of which `mender-cli` takes none.
            - **All exchanges are made by the agent**, also those without a file, since it may be the only one that reaches the server: each is a
              way there and back, and 5 KB.
            - **An upload has one thread of the controller** while it is under way, which waits for the agent's answer and remembers where the upload
              has come to.
            """;

    private final StepJenkins jenkins;
    private final SinkProcess sink;
    private final Path folder;
    private final int rounds;
    private final Report report = new Report();
    private final List<String[]> results = new ArrayList<>();
    private final Map<Goal, List<Double>> ratios = new LinkedHashMap<>();

    private StepBenchmark(StepJenkins jenkins, SinkProcess sink, Path folder, int rounds) {
        this.jenkins = jenkins;
        this.sink = sink;
        this.folder = folder;
        this.rounds = rounds;
    }

    /** What is to be shown of some rows, and the bound of their ratios. */
    private record Goal(String name, double bound) {}

    /** What uploads. */
    private enum Client {
        STEP,
        MENDER_CLI,
        CURL
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments the packaged plugin, the page to write, the number of rounds
     */
    public static void main(String[] arguments) throws Throwable {
        double load = Machine.load();
        Path folder = Files.createTempDirectory("mender-benchmark");
        int rounds = Integer.parseInt(arguments[2]);
        try (SinkProcess sink = SinkProcess.start(folder);
                StepJenkins jenkins = StepJenkins.start(Path.of(arguments[0]), folder)) {
            StepBenchmark benchmark = new StepBenchmark(jenkins, sink, folder, rounds);
            benchmark.run();
            benchmark.report.write(Path.of(arguments[1]), introduction(rounds, load));
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private void run() throws Throwable {
        TreeMap<String, String> servers = new TreeMap<>();
        for (Network network : Network.values()) {
            for (boolean encrypted : List.of(false, true)) {
                servers.put(server(network, encrypted), sink.url(encrypted, network));
            }
        }
        jenkins.configure(servers, Files.readString(sink.certificate()));
        Path small = artifact("small", 100);
        Path middle = artifact("middle", 60L * MEBIBYTE);
        results.add(new String[] {
            "milliseconds",
            "`menderUpload`",
            "`sh` with `mender-cli`",
            "of it",
            "`sh` with `curl` and `sha256sum`",
            "of it"
        });
        first(small, "3 KiB");
        first(middle, "60 MiB");
        firstWithJarCache(small);
        later(small, "3 KiB");
        later(middle, "60 MiB");
        refused(small);
        Path big = artifact("big", 1024L * MEBIBYTE);
        later(big, "1 GiB");
        checksum(big, "-md5");
        checksum(big, "-sha256");
        Files.delete(big);
        slow(middle, Network.GIGABIT, "1 Gbit/s");
        slow(middle, Network.HUNDRED_MEGABIT, "100 Mbit/s");
        manyFiles();
        goals();
        report.heading("Results");
        report.table(results);
        new StepScale(jenkins, report).run(artifact("scale", 16L * MEBIBYTE));
        report.heading("What the figures are made of");
        report.paragraph(EXPLANATION);
    }

    private static String server(Network network, boolean encrypted) {
        return network.name().toLowerCase(Locale.ROOT) + (encrypted ? "-tls" : "");
    }

    private Path artifact(String name, long bytes) throws IOException {
        return new ArtifactBuilder(name, "qemux86-64").payload(bytes).write(folder.resolve(name + ".mender"));
    }

    /** {@return the steps with which a client uploads a file} */
    private String steps(Client client, String file, Network network, boolean encrypted) {
        String url = sink.url(encrypted, network);
        return switch (client) {
            case STEP -> "menderUpload artifact: '" + file + "', server: '" + server(network, encrypted) + "'";
            case MENDER_CLI ->
                shell("mender-cli artifacts upload --no-progress --skip-verify --server " + url
                        + " --token-value \"$TOKEN\" " + file);
            case CURL ->
                shell("sha256sum " + file + " & curl -sSf --cacert " + sink.certificate()
                        + " -H \"Authorization: Bearer $TOKEN\" -F size=$(stat -c %s " + file + ") -F artifact=@" + file
                        + " "
                        + url + Commands.ARTIFACTS + " && wait");
        };
    }

    private static String shell(String command) {
        return "withCredentials([string(credentialsId: '" + StepJenkins.TOKEN + "', variable: 'TOKEN')]) {\nsh '"
                + command + "'\n}";
    }

    /** The first upload of agents that nobody knows. */
    private void first(Path file, String size) throws Throwable {
        for (int delay : List.of(0, 10)) {
            for (boolean encrypted : List.of(false, true)) {
                String what = "first upload of a fresh agent, " + size + ", " + way(encrypted) + between(delay);
                Map<Client, Series> series = first(what, file, Network.LOOPBACK, encrypted, delay, false);
                compare(FRESH, series, Client.MENDER_CLI);
            }
        }
    }

    /** The first uploads of agents that have the jar files of the one before, as one that was restarted has. */
    private void firstWithJarCache(Path file) throws Throwable {
        for (int delay : List.of(0, 10)) {
            String what = "first upload of a restarted agent, 3 KiB, TLS" + between(delay);
            compare(RESTARTED, first(what, file, Network.LOOPBACK, true, delay, true), Client.MENDER_CLI);
        }
    }

    private Map<Client, Series> first(
            String what, Path file, Network network, boolean encrypted, int delay, boolean keepJars) throws Throwable {
        say(what);
        Map<Client, Series> series = series();
        for (int round = 0; round < rounds + (keepJars ? 1 : 0); round++) {
            for (Client client : List.of(Client.STEP, Client.MENDER_CLI)) {
                Path jars = keepJars ? folder.resolve("jars-" + client) : null;
                try (SlowRelay relay = new SlowRelay(jenkins.port(), delay);
                        Agent agent = jenkins.agent(relay.port(), jars, 1)) {
                    agent.place(file);
                    long millis = agent.time(
                                    List.of(steps(client, file.getFileName().toString(), network, encrypted)))
                            .get(0);
                    if (round > 0 || !keepJars) {
                        series.get(client).add(millis);
                    }
                }
            }
        }
        row(what, series);
        return series;
    }

    private void later(Path file, String size) throws Throwable {
        for (int delay : size.equals("3 KiB") ? List.of(0, 10) : List.of(0)) {
            for (boolean encrypted : List.of(false, true)) {
                String what = "later, " + size + ", " + way(encrypted) + between(delay);
                Map<Client, Series> series = later(what, file, Network.LOOPBACK, encrypted, delay);
                compare(LATER, series, Client.MENDER_CLI);
                compare(LATER_CURL, series, Client.CURL);
            }
        }
    }

    /** Uploads of an agent that has uploaded before; each client has its turn in each round. */
    private Map<Client, Series> later(String what, Path file, Network network, boolean encrypted, int delay)
            throws Throwable {
        say(what);
        Map<Client, Series> series = series();
        List<String> steps = new ArrayList<>();
        for (Client client : Client.values()) {
            steps.add(steps(client, file.getFileName().toString(), network, encrypted));
        }
        try (SlowRelay relay = new SlowRelay(jenkins.port(), delay);
                Agent agent = jenkins.agent(relay.port(), null, 1)) {
            agent.place(file);
            agent.time(steps);
            agent.time(steps);
            for (int round = 0; round < rounds; round++) {
                List<Long> millis = agent.time(steps);
                for (Client client : Client.values()) {
                    series.get(client).add(millis.get(client.ordinal()));
                }
            }
        }
        row(what, series);
        return series;
    }

    /** Networks as agents have them. */
    private void slow(Path file, Network network, String speed) throws Throwable {
        String first = "first upload of a fresh agent, 60 MiB, TLS, " + speed;
        compare(SLOW, first(first, file, network, true, 0, false), Client.MENDER_CLI);
        String later = "later, 60 MiB, TLS, " + speed;
        Map<Client, Series> series = later(later, file, network, true, 0);
        compare(SLOW, series, Client.MENDER_CLI);
        compare(SLOW_CURL, series, Client.CURL);
    }

    private void refused(Path file) throws Throwable {
        String step = "try { menderUpload artifact: 'small.mender', server: '" + server(Network.LOOPBACK, true)
                + "', credentialsId: '" + SinkConnection.REFUSED + "' } catch (hudson.AbortException refused) { }";
        Series series = new Series("refused");
        try (SlowRelay relay = new SlowRelay(jenkins.port(), 10);
                Agent agent = jenkins.agent(relay.port(), null, 1)) {
            agent.place(file);
            agent.time(List.of(steps(Client.STEP, "small.mender", Network.LOOPBACK, true)));
            for (int round = 0; round < rounds; round++) {
                series.add(agent.time(List.of(step)).get(0));
            }
        }
        String what = "a refused token, on an agent that has uploaded before" + between(10);
        results.add(new String[] {what, Report.number(series.seconds()), "", "", "", ""});
        report.goal(what, series.seconds(), 1000, " ms");
    }

    /** What a file waits for where processors are few. */
    private void checksum(Path file, String kind) throws IOException, InterruptedException {
        Series series = new Series(kind);
        for (int round = 0; Commands.installed("openssl") && round < rounds; round++) {
            TimedProcess process = TimedProcess.run(List.of("openssl", "dgst", kind, file.toString()));
            series.add(process.seconds() * 1000);
        }
        results.add(new String[] {
            "for comparison: `openssl dgst " + kind + "` of 1 GiB, nothing sent",
            Report.number(series.seconds()),
            "",
            "",
            "",
            ""
        });
    }

    private void manyFiles() throws Throwable {
        String what = "later, " + MANY_FILES + " files of 1 MiB, TLS";
        say(what);
        Series step = new Series("step");
        Series menderCli = new Series("mender-cli");
        try (Agent agent = jenkins.agent(jenkins.port(), null, 1)) {
            for (int i = 0; i < MANY_FILES; i++) {
                agent.place(artifact("many" + i, MEBIBYTE));
            }
            List<String> steps = List.of(
                    steps(Client.STEP, "many*.mender", Network.LOOPBACK, true),
                    shell(
                            "for file in many*.mender; do mender-cli artifacts upload --no-progress --skip-verify --server "
                                    + sink.url(true) + " --token-value \"$TOKEN\" $file; done"));
            agent.time(steps);
            for (int round = 0; round < rounds; round++) {
                List<Long> millis = agent.time(steps);
                step.add(millis.get(0));
                menderCli.add(millis.get(1));
            }
        }
        results.add(new String[] {
            what,
            Report.number(step.seconds()),
            Report.number(menderCli.seconds()),
            Report.number(step.ratioTo(menderCli)),
            "",
            ""
        });
    }

    private static Map<Client, Series> series() {
        Map<Client, Series> series = new EnumMap<>(Client.class);
        for (Client client : Client.values()) {
            series.put(client, new Series(client.name()));
        }
        return series;
    }

    private void row(String what, Map<Client, Series> series) {
        Series step = series.get(Client.STEP);
        Series menderCli = series.get(Client.MENDER_CLI);
        Series curl = series.get(Client.CURL);
        results.add(new String[] {
            what,
            Report.number(step.seconds()),
            Report.number(menderCli.seconds()),
            Report.number(step.ratioTo(menderCli)),
            curl.isEmpty() ? "" : Report.number(curl.seconds()),
            curl.isEmpty() ? "" : Report.number(step.ratioTo(curl))
        });
        System.out.println("Benchmark: " + String.join(" | ", results.get(results.size() - 1)));
    }

    private void compare(Goal goal, Map<Client, Series> series, Client other) {
        ratios.computeIfAbsent(goal, any -> new ArrayList<>())
                .add(series.get(Client.STEP).ratioTo(series.get(other)));
    }

    /** Each goal is one for the worst of its rows. */
    private void goals() {
        ratios.forEach((goal, all) -> report.goal(
                goal.name() + ": the worst of " + all.size() + " rows", Collections.max(all), goal.bound(), ""));
    }

    private static String way(boolean encrypted) {
        return encrypted ? "TLS" : "plain HTTP";
    }

    private static String between(int delay) {
        return delay == 0 ? "" : ", " + 2 * delay + " ms between agent and controller";
    }

    private static String introduction(int rounds, double load) throws IOException {
        return """
                # Benchmark

                Written by the command that [CONTRIBUTING.md](../CONTRIBUTING.md#the-benchmark) names, on %s, on %s. The machine's load was
                %s when it began and %s when it ended; more than 1 at the beginning means that other work disturbed it.

                A Jenkins, its agents, which are connected over WebSocket, and a sink that says what a Mender Server would say run on this machine. Figures are milliseconds of the
                step alone, medians of %d rounds, ratios the medians of each round's. `sh` stands in `withCredentials`. The step also reads the Artifact and looks whether the server has it,
                which the others do not; `curl` and the step check the certificate, `mender-cli` cannot be given one. A fresh agent is a new JVM with nothing
                in its folder; a restarted one has its predecessor's jar files. Where 20 ms lie between agent and controller, a relay delays what passes by 10 ms each way.
                """.formatted(
                        LocalDate.now(), Machine.kind(), Report.number(load), Report.number(Machine.load()), rounds);
    }

    private static void say(String what) {
        System.out.println("Benchmark: " + what);
    }
}
