package io.jenkins.plugins.mender.benchmark;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.http.Request;
import io.jenkins.plugins.mender.http.Request.Body.FileUpload;
import io.jenkins.plugins.mender.http.Request.Header;
import io.jenkins.plugins.mender.http.Response;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the benchmark measures is what it says: all that is sent arrives, and a refused token costs next to nothing. */
@Timeout(120)
class SinkTest {
    private static final long BYTES = 32L * 1024 * 1024;
    private static final long KIBIBYTE = 1024;

    @TempDir
    private static Path folder;

    private static SinkProcess sink;
    private static ArtifactFile file;

    @BeforeAll
    static void start() throws Exception {
        sink = SinkProcess.start(folder);
        Path artifact =
                new ArtifactBuilder("release-1", "qemux86-64").payload(BYTES).write(folder.resolve("release-1.mender"));
        file = ArtifactFile.of("release-1.mender", artifact);
    }

    @AfterAll
    static void stop() throws IOException {
        sink.close();
    }

    @Test
    void theEnginesUploadArrivesPlainAndOverTls() throws Exception {
        for (boolean encrypted : List.of(false, true)) {
            assertThat(new Engine(sink.url(encrypted), "token").upload(List.of(file)), is(1));
            assertThat(sink.takeReceived(), allOf(greaterThan(file.size()), lessThan(file.size() + 16 * KIBIBYTE)));
        }
    }

    @Test
    void aBodyInChunksArrives() throws Exception {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(sink.url(false) + "/api/management/v1/deployments/artifacts")
                        .toURL()
                        .openConnection();
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Connection", "close");
        connection.setDoOutput(true);
        connection.setChunkedStreamingMode(1000);
        connection.getOutputStream().write(new byte[100_000]);
        connection.getOutputStream().close();
        assertThat(connection.getResponseCode(), is(201));
        assertThat(sink.takeReceived(), greaterThan(100_000L));
    }

    @Test
    void aRefusedTokenIsNoticedBeforeTheFileIsSent() throws Exception {
        for (boolean encrypted : List.of(false, true)) {
            for (String token : List.of(SinkConnection.REFUSED, SinkConnection.REFUSED_UPLOAD)) {
                assertThat(new Engine(sink.url(encrypted), token).upload(List.of(file)), is(0));
                assertThat(sink.takeReceived(), lessThan(128 * KIBIBYTE));
            }
        }
    }

    @Test
    void anAnswerThatComesWhileTheBodyGoesOutIsHeardPlainAndOverTls() throws Exception {
        FileUpload body = new FileUpload(List.of(), "artifact", "release-1.mender", file.path(), file.size());
        List<Header> headers = List.of(new Header("Authorization", "Bearer " + SinkConnection.TOO_LARGE));
        for (boolean encrypted : List.of(false, true)) {
            Request request = new Request("POST", URI.create(sink.url(encrypted)), headers, body, true);
            Response response =
                    new LocalTransport(ConnectionSettings.defaults().withoutCertificateCheck()).send(request);
            assertThat(response.status(), is(413));
            assertThat(response.sentBytes(), lessThan(file.size()));
            sink.takeReceived();
        }
    }
}
