package io.jenkins.plugins.mender.simulator;

import io.jenkins.plugins.mender.api.ArtifactFile;
import io.jenkins.plugins.mender.api.ConnectionSettings;
import io.jenkins.plugins.mender.api.InvalidServerUrlException;
import io.jenkins.plugins.mender.api.LocalTransport;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.upload.Credential;
import io.jenkins.plugins.mender.upload.Inspector;
import io.jenkins.plugins.mender.upload.Pacing;
import io.jenkins.plugins.mender.upload.Preparation;
import io.jenkins.plugins.mender.upload.UploadFailure;
import io.jenkins.plugins.mender.upload.UploadLog;
import io.jenkins.plugins.mender.upload.UploadOptions;
import io.jenkins.plugins.mender.upload.UploadSession;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;

/** Sends a real Artifact to the simulated server, twice, and prints what a build's log would show. Needs no Jenkins. */
public final class EngineDemo {
    private EngineDemo() {}

    /** Runs the demo. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Files.createTempDirectory("mender-demo");
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1, folder)) {
            Path file = ArtifactBuilder.recorded("module-two-devices.mender", folder);
            upload(server, file, out);
            out.println();
            out.println("The same file once more, which is there already:");
            upload(server, file, out);
            out.println();
            out.println("The server holds " + server.artifacts().size() + " Artifact.");
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private static void upload(SimulatedMenderServer server, Path file, PrintStream out)
            throws IOException, InterruptedException {
        UploadLog log = line -> out.println("[Mender] " + line);
        try {
            UploadOptions options = UploadOptions.defaults().describedBy("Built by the demo");
            UploadSession session = UploadSession.open(
                    new LocalTransport(ConnectionSettings.defaults()),
                    MenderServer.parse(server.url()),
                    new Credential.BearerToken("mender-pat", server.token()),
                    options,
                    Pacing.real(),
                    log);
            ArtifactFile artifact = new ArtifactFile("build/" + file.getFileName(), file.toString(), Files.size(file));
            session.upload(new Preparation(Inspector::local, options, log).prepare(List.of(artifact)));
        } catch (UploadFailure e) {
            e.explanation().forEach(log::line);
            out.println("ERROR: " + e.getMessage());
        } catch (InvalidServerUrlException e) {
            throw new IllegalStateException(e);
        }
    }
}
