package io.jenkins.plugins.mender;

import hudson.Functions;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.MakeArtifact;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.jvnet.hudson.test.fixtures.RealJenkinsFixture;

/**
 * A Jenkins of its own process on the loopback interface with the plugin, a simulated Mender Server, a credential for it, and a
 * job of each kind that makes an Artifact and uploads it.
 */
public final class DemoJenkins implements AutoCloseable {
    private static final long END_SECONDS = 30;

    private final Path folder;
    private final SimulatedMenderServer server;
    private final RealJenkinsFixture jenkins;
    private boolean closed;

    private DemoJenkins(Path folder) throws IOException {
        this.folder = folder;
        this.server = SimulatedMenderServer.start(Flavour.MENDER_4_1, folder);
        this.jenkins = new RealJenkinsFixture()
                .withHost("127.0.0.1")
                .withTimeout(0)
                .javaOptions("-Xmx512m", "-Duser.language=en");
    }

    /**
     * Starts everything.
     *
     * @param port where Jenkins is to listen; 0 takes a free port
     */
    public static DemoJenkins start(int port) throws Throwable {
        DemoJenkins demo = new DemoJenkins(Files.createTempDirectory("mender-server"));
        try {
            demo.jenkins.withPort(port);
            demo.jenkins.setUp(DemoJenkins.class.getName(), "demo");
            demo.jenkins.startJenkins();
            demo.jenkins.runRemotely(
                    DemoJobs::create, demo.server.url(), demo.server.token(), demo.writeBuildCommand());
            return demo;
        } catch (Throwable e) {
            demo.close();
            throw e;
        }
    }

    /** {@return the URL to open, with a slash at its end} */
    public URL url() throws IOException {
        return jenkins.getUrl();
    }

    /** {@return the server that the jobs upload to} */
    public SimulatedMenderServer server() {
        return server;
    }

    /** {@return the Jenkins, to run code in it} */
    public RealJenkinsFixture jenkins() {
        return jenkins;
    }

    /** Waits until Jenkins has ended. */
    public void await() throws InterruptedException {
        jenkins.getProcess().waitFor();
    }

    /** Writes the command that the jobs call to make an Artifact, and {@return where it is}. */
    private String writeBuildCommand() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path arguments = folder.resolve("make-artifact.arguments");
        String classes = System.getProperty("java.class.path").replace("\\", "\\\\");
        Files.write(arguments, List.of("-cp \"" + classes + '"', MakeArtifact.class.getName()));
        Path command = folder.resolve(Functions.isWindows() ? "make-artifact.bat" : "make-artifact");
        Files.writeString(
                command,
                Functions.isWindows()
                        ? "@\"%s\" \"@%s\" %%*%n".formatted(java, arguments)
                        : "#!/bin/sh%nexec \"%s\" \"@%s\" \"$@\"%n".formatted(java, arguments),
                StandardCharsets.UTF_8);
        if (!command.toFile().setExecutable(true)) {
            throw new IOException(command + " cannot be made executable");
        }
        return command.toString();
    }

    /** Ends Jenkins and the server, and deletes what they kept. Once is enough, whoever calls it. */
    @Override
    public synchronized void close() throws Exception {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Process process = jenkins.getProcess();
            if (process != null) {
                process.destroy(); // Ctrl-C may have ended it already, which tearDown would take for a failure
                process.waitFor(END_SECONDS, TimeUnit.SECONDS);
                jenkins.stopJenkinsForcibly();
            }
            jenkins.tearDown();
        } finally {
            server.close();
            FileUtils.deleteDirectory(folder.toFile());
        }
    }
}
