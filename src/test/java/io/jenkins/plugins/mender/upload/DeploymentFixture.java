package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.FastPacing;
import io.jenkins.plugins.mender.simulator.Rollouts;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.DeploymentGoal.OnTimeout;
import io.jenkins.plugins.mender.upload.DeploymentWatch.Order;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A deployment without Jenkins: a server with a Release and devices, a watch, and a clock that moves when the watch waits. */
final class DeploymentFixture {
    static final String RELEASE = "release-1";
    static final String TYPE = "qemux86-64";

    final SimulatedMenderServer server;
    final Rollouts fleet;
    final FastPacing pacing = new FastPacing();
    final List<String> log = new ArrayList<>();
    final String token;
    Transport transport = new LocalTransport(ConnectionSettings.defaults());

    /** What a controller that is killed finds when it is back. */
    private byte[] saved;

    private final Order order;
    DeploymentWatch watch;

    DeploymentFixture(SimulatedMenderServer server, Order order) {
        this.server = server;
        this.fleet = server.rollouts();
        this.token = server.token();
        this.order = order;
        this.watch = new DeploymentWatch(order);
    }

    /** Puts the Release on a server. */
    static void release(SimulatedMenderServer server) throws Exception {
        Path file = Files.createTempFile("release", ".mender");
        try {
            new EngineFixture(server).upload(UploadOptions.defaults(), new ArtifactBuilder(RELEASE, TYPE).write(file));
        } finally {
            Files.delete(file);
        }
    }

    static Order order(String group, DeploymentGoal goal) {
        return new Order("job #1", RELEASE, group, List.of(), false, null, true, goal);
    }

    static DeploymentGoal goal(String minSuccess, int maxFailures) {
        return new DeploymentGoal(minSuccess, maxFailures, true, Duration.ofHours(4), OnTimeout.ABORT);
    }

    /** Goes one step, lets the time pass that the watch wants to wait, and {@return that time}. */
    Duration step() throws Exception {
        if (!watch.isOpen()) {
            watch.open(new DeploymentWatch.Access(
                    transport,
                    MenderServer.parse(server.url()),
                    new Credential.BearerToken("mender-pat", token),
                    pacing,
                    log::add,
                    () -> saved = bytes(watch)));
        }
        Duration wait = watch.advance();
        pacing.skip(wait);
        return wait;
    }

    /** Goes on until there is a verdict. */
    void finish() throws Exception {
        while (!watch.isDone()) {
            step();
        }
    }

    /** Jenkins is killed, and comes back with what it had saved. */
    void kill() throws Exception {
        if (saved == null) {
            watch = new DeploymentWatch(order);
            return;
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(saved))) {
            watch = (DeploymentWatch) in.readObject();
        }
    }

    String told() {
        return String.join("\n", log);
    }

    private static byte[] bytes(DeploymentWatch watch) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(watch);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }
}
