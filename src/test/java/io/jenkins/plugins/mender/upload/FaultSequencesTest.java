package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Fault;
import io.jenkins.plugins.mender.simulator.FaultyGateway;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.UploadOptions.IfExists;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random sequences of faults. {@code -Dmender.faults=500} plays as many of them; one that fails names its seed, which {@code
 * -Dmender.faults.seed=…} plays alone.
 */
class FaultSequencesTest {
    private static final int FEW = 40;
    private static final List<Fault> FAULTS = List.of(
            Fault.none(),
            Fault.of(Fault.Kind.RESET, 0),
            Fault.of(Fault.Kind.RESET, 0.5),
            Fault.of(Fault.Kind.RESET),
            Fault.of(Fault.Kind.RESET_AFTER_STORING),
            Fault.of(Fault.Kind.RESET_WITHIN_ANSWER),
            Fault.of(Fault.Kind.HANG, 0),
            Fault.of(Fault.Kind.HANG, 0.5),
            Fault.of(Fault.Kind.HANG),
            Fault.of(Fault.Kind.HANG_AFTER_STORING),
            Fault.answer(408),
            Fault.answer(413),
            Fault.answer(429, "Retry-After: 3"),
            Fault.answer(500),
            Fault.answer(502).at(0.3),
            Fault.answer(503),
            Fault.answerAfterStoring(500),
            Fault.answerAfterStoring(502),
            Fault.answerAfterStoring(504),
            Fault.answerAfterStoring(200));

    @TempDir
    private static Path folder;

    static LongStream seeds() {
        Long one = Long.getLong("mender.faults.seed");
        return one == null ? LongStream.range(0, Integer.getInteger("mender.faults", FEW)) : LongStream.of(one);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void neverTwiceAndNeverLost(long seed) throws Exception {
        Random random = new Random(seed);
        List<Fault> faults = Stream.generate(() -> FAULTS.get(random.nextInt(FAULTS.size())))
                .limit(random.nextInt(8))
                .toList();
        IfExists policy = IfExists.values()[random.nextInt(IfExists.values().length)];
        Flavour flavour = Flavour.values()[random.nextInt(Flavour.values().length)];
        boolean replaces = policy == IfExists.REPLACE && random.nextBoolean();
        UploadOptions options = UploadOptions.defaults().with(policy).attempting(1 + random.nextInt(5));
        Path file = new ArtifactBuilder("release", "a").seed(seed).write(folder.resolve("new-" + seed + ".mender"));
        try (SimulatedMenderServer server = SimulatedMenderServer.start(flavour);
                FaultyGateway gateway = new FaultyGateway(server)) {
            EngineFixture engine = new EngineFixture(server);
            if (replaces) {
                Path old = folder.resolve("old-" + seed + ".mender");
                engine.upload(
                        options,
                        new ArtifactBuilder("release", "a").seed(-1 - seed).write(old));
            }
            engine.url = gateway.url();
            engine.transport = new PatientTransport(gateway, Duration.ofMillis(400), Duration.ofMillis(400));
            engine.pacing.duringPause(gateway::awaitQuiet);
            gateway.next(faults);
            String story = policy + " on " + flavour + " after " + faults;
            judge(engine, options, file, replaces, story);
        }
    }

    private static void judge(EngineFixture engine, UploadOptions options, Path file, boolean replaces, String story)
            throws Exception {
        SimulatedMenderServer server = engine.server;
        try {
            UploadResult result = engine.upload(options, file).get(0);
            assertThat(story, server.artifacts(), hasSize(1));
            assertThat(story, result.id(), is(server.artifacts().get(0).id()));
            assertThat(story, Files.mismatch(server.artifacts().get(0).file(), file), is(-1L));
        } catch (UploadFailure e) {
            assertThat(story + engine.told(e), server.artifacts().size() < 2, is(true));
            boolean certain = !e.getMessage().contains("may have arrived");
            boolean stored = !server.artifacts().isEmpty();
            assertThat(story + engine.told(e), certain && stored, is(false));
            assertThat(story, replaces && e.getMessage().contains("Nothing was uploaded."), is(false));
        }
    }
}
