package io.jenkins.plugins.mender.browser;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.model.TopLevelItem;
import hudson.util.Secret;
import io.jenkins.plugins.mender.Administration;
import io.jenkins.plugins.mender.MenderJenkins;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.io.IOException;
import java.util.Objects;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jvnet.hudson.test.fixtures.RealJenkinsFixture;

/**
 * A fresh Jenkins of its own process with the plugin, a simulated Mender Server, and a Chromium to use them with. Jenkins enforces
 * its content security policy, as it does wherever it runs in development mode.
 */
final class BrowserJenkins implements AutoCloseable {
    private final RealJenkinsFixture jenkins;
    private final SimulatedMenderServer server;
    private final Chromium chromium;

    private BrowserJenkins(SimulatedMenderServer server, String... javaOptions) throws IOException {
        this.server = server;
        this.chromium = Chromium.start();
        this.jenkins = new RealJenkinsFixture()
                .withHost("127.0.0.1")
                .withTimeout(0)
                .javaOptions("-Xmx512m", "-Duser.language=en", "-Duser.country=US")
                .javaOptions(javaOptions);
    }

    /**
     * Starts everything else.
     *
     * @param server a running server, which is closed together with the rest
     */
    static BrowserJenkins start(SimulatedMenderServer server, String... javaOptions) throws Exception {
        BrowserJenkins started = new BrowserJenkins(server, javaOptions);
        try {
            started.jenkins.setUp(BrowserJenkins.class.getName(), "browser");
            started.jenkins.startJenkins();
            started.run(rule -> MenderJenkins.showWhatUsersSee());
            return started;
        } catch (Exception | AssertionError e) {
            started.close();
            throw e;
        }
    }

    SimulatedMenderServer server() {
        return server;
    }

    Chromium chromium() {
        return chromium;
    }

    /** Opens a page of Jenkins; the path has no slash at its beginning. */
    void open(String path) throws IOException {
        chromium.open(jenkins.getUrl() + path);
    }

    /** Puts an Artifact into the workspace of a job, as a step before the upload would. */
    void placeArtifact(String job) {
        run(rule -> MenderJenkins.place(
                rule.jenkins,
                Objects.requireNonNull(rule.jenkins.getItemByFullName(job, TopLevelItem.class)),
                "module-two-devices.mender"));
    }

    /** Stores a token of the simulated server for all jobs. */
    void storeToken() {
        String token = server.token();
        run(rule -> MenderJenkins.store(new StringCredentialsImpl(
                CredentialsScope.GLOBAL, MenderJenkins.TOKEN, null, Secret.fromString(token))));
    }

    /**
     * Makes a server the only configured one, with the stored token for jobs that choose no other.
     *
     * @param name what jobs choose it by
     * @param url where it is
     * @param certificates what it is trusted for, or null
     */
    void configureServer(String name, String url, String certificates) {
        run(rule -> Administration.configure(Administration.server(name, url, MenderJenkins.TOKEN, certificates)));
    }

    /** Runs something in Jenkins, such as what an administrator did before. */
    void run(RealJenkinsFixture.Step step) {
        try {
            jenkins.run(step);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws Exception {
        try (SimulatedMenderServer closed = server;
                Chromium alsoClosed = chromium) {
            jenkins.tearDown();
        }
    }
}
