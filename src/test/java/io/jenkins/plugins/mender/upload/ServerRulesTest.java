package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.UploadOptions.Verify;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What servers refuse after the upload is refused before, and nothing else is. The verdicts of both lists are those of the reader
 * of Mender Server 4.1.3 (mender-artifact c5f6563). The property {@code mender.rules} names a folder to write the files to, for
 * another one to judge.
 */
class ServerRulesTest {
    @TempDir
    private Path folder;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private final EngineFixture engine = new EngineFixture(server);

    @ParameterizedTest
    @EnumSource
    void refusedBeforeTheFirstByte(RefusedArtifact refused) throws Exception {
        Path file = write("refused-" + refused, refused.bytes());
        UploadOptions options = UploadOptions.defaults();
        UploadFailure before = assertThrows(UploadFailure.class, () -> engine.upload(options, file));
        assertThat(before.getMessage(), containsString(refused.words));
        assertThat(before.getMessage(), endsWith("Nothing was uploaded."));
        assertThat(server.exchanges(), hasSize(0));

        UploadFailure after = assertThrows(UploadFailure.class, () -> engine.upload(options.with(Verify.NONE), file));
        assertThat(engine.log, hasItem(containsString("It is sent all the same, as 'verify: none' asks.")));
        assertThat(after.getMessage(), anyOf(containsString("(400 "), containsString("(500 ")));
        assertThat(server.uploads().isEmpty(), is(false));
        assertThat(server.artifacts(), hasSize(0));
    }

    @ParameterizedTest
    @EnumSource
    void acceptedAsServersDo(AcceptedArtifact accepted) throws Exception {
        Path file = write("accepted-" + accepted, accepted.bytes());
        for (Verify verify : Verify.values()) {
            server.clear();
            engine.log.clear();
            engine.upload(UploadOptions.defaults().with(verify), file);
            assertThat(server.artifacts(), hasSize(1));
            assertThat(
                    engine.log,
                    accepted.warning.isEmpty()
                            ? not(hasItem(containsString("WARNING")))
                            : hasItem(containsString(accepted.warning)));
        }
    }

    private Path write(String name, byte[] artifact) throws Exception {
        Path to = Path.of(System.getProperty("mender.rules", folder.toString()));
        return Files.write(Files.createDirectories(to).resolve(name + ".mender"), artifact);
    }
}
