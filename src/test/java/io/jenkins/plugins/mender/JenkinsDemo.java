package io.jenkins.plugins.mender;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Starts a Jenkins to try the plugin in, with nothing left to configure. Ends with Ctrl-C, or with the Maven that started it. */
public final class JenkinsDemo {
    private static final Path LOG = Path.of("target", "demo.log").toAbsolutePath();

    private JenkinsDemo() {}

    /** Runs the demo, with the port as the only argument; 0 takes a free one. */
    public static void main(String[] arguments) throws Throwable {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        logToFile();
        ProcessHandle.current().parent().ifPresent(maven -> maven.onExit().thenRun(() -> System.exit(0)));
        out.println("Starting a simulated Mender Server and a Jenkins, which takes a minute. Its log is " + LOG);
        try (DemoJenkins demo = DemoJenkins.start(Integer.parseInt(arguments[0]))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(demo, out), "end of the demo"));
            out.println();
            out.println("The simulated Mender Server is " + demo.server().url());
            out.println("Two jobs are ready for \"Build now\". Ctrl-C ends everything. Open:");
            out.println();
            out.println("    " + demo.url());
            out.println();
            demo.await();
        } catch (Throwable e) {
            out.println("The demo failed: " + e);
            throw e;
        }
    }

    /** Jenkins writes a lot, its test harness even more: the URL to open would scroll away. */
    private static void logToFile() throws IOException {
        System.setErr(new PrintStream(LOG.toFile(), StandardCharsets.UTF_8));
    }

    private static void end(DemoJenkins demo, PrintStream out) {
        try {
            demo.close();
            out.println("The demo has ended.");
        } catch (Exception | AssertionError e) {
            out.println("The demo did not end cleanly: " + e);
        }
    }
}
