package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.artifact.Inspector;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.simulator.FastPacing;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.Preparation.PreparedArtifact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** An upload without Jenkins, from files of this machine to the simulated server, and the log that it writes. */
final class EngineFixture {
    final SimulatedMenderServer server;
    final List<String> log = new ArrayList<>();
    final FastPacing pacing = new FastPacing();
    String url;
    String token;
    Transport transport = new LocalTransport(ConnectionSettings.defaults());

    EngineFixture(SimulatedMenderServer server) {
        this.server = server;
        this.url = server.url();
        this.token = server.token();
    }

    /** Uploads files and {@return the results}. */
    List<UploadResult> upload(UploadOptions options, Path... files) throws Exception {
        return upload(new UploadJournal(), options, files);
    }

    /** Goes on from a journal and {@return the results}. */
    List<UploadResult> upload(UploadJournal journal, UploadOptions options, Path... files) throws Exception {
        List<PreparedArtifact> artifacts = prepare(options, files);
        return session(options).upload(artifacts, journal);
    }

    List<PreparedArtifact> prepare(UploadOptions options, Path... files) throws Exception {
        return new Preparation(Inspector::local, options, log::add)
                .prepare(Stream.of(files).map(EngineFixture::file).toList());
    }

    UploadSession session() throws Exception {
        return session(UploadOptions.defaults());
    }

    UploadSession session(UploadOptions options) throws Exception {
        return UploadSession.open(
                transport,
                MenderServer.parse(url),
                new Credential.BearerToken("mender-pat", token),
                options,
                pacing,
                log::add);
    }

    static ArtifactFile file(Path file) {
        try {
            return ArtifactFile.of("build/" + file.getFileName(), file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return everything a user reads of a failure} */
    String told(UploadFailure failure) {
        return String.join("\n", log) + '\n' + String.join("\n", failure.explanation()) + "\nERROR: "
                + failure.getMessage();
    }
}
