package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Refusals;
import io.jenkins.plugins.mender.simulator.Refusals.Refusal;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every answer but success fails the upload, with status, words, request id, meaning, and what the server holds. */
class ServerAnswersTest {
    @TempDir
    private Path folder;

    static Stream<Refusal> refusals() {
        return Refusals.all().stream();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void everyAnswerButSuccessFails(Refusal refusal) throws Exception {
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            server.answer(SimulatedMenderServer.UPLOAD, refusal.reply());
            EngineFixture engine = new EngineFixture(server);
            Path file = ArtifactBuilder.recorded("rootfs-gzip.mender", folder.resolve("in"));
            UploadOptions once = UploadOptions.defaults().attempting(1);
            UploadFailure failure = assertThrows(UploadFailure.class, () -> engine.upload(once, file));
            String answer = failure.explanation().get(0);
            assertThat(answer, startsWith("HTTP " + refusal.reply().status()));
            assertThat(answer, containsString(refusal.words()));
            assertThat(
                    answer,
                    containsString(
                            "(request " + server.uploads().get(0).headers().get("x-men-requestid")));
            assertThat(failure.explanation().size() > 1, is(true));
            assertThat(failure.getMessage(), containsString(refusal.gist()));
            assertThat(
                    failure.getMessage(),
                    containsString(
                            refusal.perhapsStored() ? "did not hold it when it was asked" : "Nothing was uploaded."));
            assertThat(server.uploads().size(), is(1));
        }
    }
}
