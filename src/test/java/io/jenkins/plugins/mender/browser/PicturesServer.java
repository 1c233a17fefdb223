package io.jenkins.plugins.mender.browser;

import hudson.FilePath;
import hudson.model.FreeStyleProject;
import io.jenkins.plugins.mender.MenderJenkins;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.CertificateAuthority;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.commons.io.FileUtils;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * The simulated server of the pictures. It is called as a company's own would be, so that no picture shows the machine that it was
 * taken on.
 */
final class PicturesServer implements AutoCloseable {
    private static final String HOST = "mender.example.com";
    private static final int HTTPS_PORT = 443;

    private final CertificateAuthority authority = CertificateAuthority.root("Example Company CA");
    private final Path folder;
    private final SimulatedMenderServer server;

    private PicturesServer(Path folder) throws IOException {
        this.folder = folder;
        this.server = startServer();
    }

    static PicturesServer start() throws IOException {
        return new PicturesServer(Files.createTempDirectory("mender-pictures"));
    }

    /** The port of HTTPS keeps the address short; where it is not to be had, any will do. */
    private SimulatedMenderServer startServer() throws IOException {
        try {
            return SimulatedMenderServer.start(Flavour.MENDER_4_1, authority.serverFor(HOST), HTTPS_PORT);
        } catch (BindException e) {
            return SimulatedMenderServer.start(Flavour.MENDER_4_1, authority.serverFor(HOST));
        }
    }

    SimulatedMenderServer server() {
        return server;
    }

    /** {@return what makes a JVM find the server by its name, which no DNS knows} */
    String javaOption() throws IOException {
        Path hosts = folder.resolve("hosts");
        String own = InetAddress.getLocalHost().getHostName();
        Files.writeString(hosts, "127.0.0.1 localhost %s %s%n".formatted(HOST, own));
        return "-Djdk.net.hosts.file=" + hosts;
    }

    /** Makes it the server "production" of a Jenkins. */
    void configureIn(BrowserJenkins jenkins) {
        String url = server.url().replace("localhost", HOST).replace(":" + HTTPS_PORT, "");
        jenkins.configureServer("production", url, authority.pem());
    }

    /** Makes a token that is nearly a year old, and {@return it}; its user has another one that Jenkins does not know. */
    String makeTokens() {
        Instant now = Instant.now();
        Instant begin = now.minus(Duration.ofDays(324));
        server.follow(() -> begin);
        String token = server.personalToken("jenkins-ci.example.com", now.plus(Duration.ofDays(41)));
        server.personalToken("laptop", null);
        server.follow(InstantSource.system());
        return token;
    }

    /** Puts the Artifacts of two devices into a job's workspace. */
    static void placeArtifacts(JenkinsRule rule, FreeStyleProject job, String version) throws Exception {
        FilePath build = MenderJenkins.workspace(rule.jenkins, job).child("build");
        build.mkdirs();
        new ArtifactBuilder("gateway-" + version, "raspberrypi4", "raspberrypi5")
                .payload(8 << 20)
                .signed()
                .write(Path.of(build.child("gateway.mender").getRemote()));
        new ArtifactBuilder("sensor-" + version, "beaglebone")
                .payload(2 << 20)
                .write(Path.of(build.child("sensor.mender").getRemote()));
    }

    @Override
    public void close() throws IOException {
        server.close();
        FileUtils.deleteDirectory(folder.toFile());
    }
}
