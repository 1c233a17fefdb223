package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.http.Request;
import io.jenkins.plugins.mender.http.Request.Body.FileUpload;
import io.jenkins.plugins.mender.http.Request.Header;
import io.jenkins.plugins.mender.http.Response;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server, or a gateway in its place, that confirms an upload before it has the file: green means that it is there. */
class EarlyConfirmationTest {
    private static final Header LOCATION =
            new Header("Location", "./management/v1/deployments/artifacts/8caadefe-ad8e-4c31-8e2d-a942f60935f2");

    @TempDir
    private Path folder;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private final EngineFixture engine = new EngineFixture(server);
    private final Transport honest = engine.transport;

    @Test
    void isNoSuccessWhenTheServerHasNotGotIt() throws Exception {
        Path file = new ArtifactBuilder("release", "qemux86-64").write(folder.resolve("release.mender"));
        engine.transport = this::confirmUnsent;
        UploadFailure failure = assertThrows(UploadFailure.class, () -> engine.upload(UploadOptions.defaults(), file));
        assertThat(failure.getMessage(), containsString("confirmed the upload before it had the whole file"));
        assertThat(failure.getMessage(), containsString("did not hold it"));
        assertThat(server.artifacts(), hasSize(0));
    }

    @Test
    void isOneWhenTheServerHasItAllTheSame() throws Exception {
        Path file = new ArtifactBuilder("release", "qemux86-64").write(folder.resolve("release.mender"));
        engine.transport = this::confirmUnseen;
        UploadResult result = engine.upload(UploadOptions.defaults(), file).get(0);
        assertThat(result.outcome(), is(Outcome.RECOVERED));
        assertThat(result.id(), is(server.artifacts().get(0).id()));
        assertThat(server.uploads(), hasSize(1));
    }

    private Response confirmUnsent(Request request, Transport.Listener listener)
            throws TransportException, InterruptedException {
        return request.body() instanceof FileUpload ? early() : honest.send(request, listener);
    }

    private Response confirmUnseen(Request request, Transport.Listener listener)
            throws TransportException, InterruptedException {
        Response answer = honest.send(request, listener);
        return request.body() instanceof FileUpload ? early() : answer;
    }

    private static Response early() {
        return new Response(201, "Created", List.of(LOCATION), new byte[0], false, 10, "", "");
    }
}
