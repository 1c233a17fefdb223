package io.jenkins.plugins.mender.gateway;

import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.MenderServer.InvalidServerUrlException;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.artifact.Inspector;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.http.Request;
import io.jenkins.plugins.mender.http.Response;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.simulator.FastPacing;
import io.jenkins.plugins.mender.upload.Credential;
import io.jenkins.plugins.mender.upload.Preparation;
import io.jenkins.plugins.mender.upload.UploadFailure;
import io.jenkins.plugins.mender.upload.UploadOptions;
import io.jenkins.plugins.mender.upload.UploadResult;
import io.jenkins.plugins.mender.upload.UploadSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Uploads of the engine to a URL, what they log, and what becomes of each attempt. */
final class Passage {
    final List<String> log = new CopyOnWriteArrayList<>();
    final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    final FastPacing pacing = new FastPacing();
    private final String url;
    private final String token;
    private final Transport transport;

    /**
     * A file that was sent, or begun to be sent.
     *
     * @param ended the answer's status, or how else it ended
     * @param sentBytes how much of the file had gone out then
     */
    record Attempt(String ended, long sentBytes) {}

    Passage(String url, String token, ConnectionSettings settings) {
        this.url = url;
        this.token = token;
        Transport real = new LocalTransport(settings);
        this.transport = (request, progress) -> sent(real, request, progress);
    }

    /** Notes what becomes of uploads. */
    private Response sent(Transport real, Request request, Transport.Listener progress)
            throws TransportException, InterruptedException {
        boolean upload = request.body() instanceof Request.Body.FileUpload;
        try {
            Response response = real.send(request, progress);
            if (upload) {
                attempts.add(new Attempt(String.valueOf(response.status()), response.sentBytes()));
            }
            return response;
        } catch (TransportException e) {
            if (upload) {
                attempts.add(new Attempt(e.failure() + " " + e.getMessage(), e.sentBytes()));
            }
            throw e;
        }
    }

    UploadResult upload(Path file) throws UploadFailure, IOException, InterruptedException {
        return upload(file, UploadOptions.DEFAULT_ATTEMPTS, () -> {});
    }

    /** Uploads a file, and does something once the server has been asked whose the token is. */
    UploadResult upload(Path file, int attempts, Runnable onceOpen)
            throws UploadFailure, IOException, InterruptedException {
        UploadOptions options = UploadOptions.defaults().attempting(attempts);
        UploadSession session = open(options);
        ArtifactFile artifact = ArtifactFile.of("build/" + file.getFileName(), file);
        onceOpen.run();
        return session.upload(new Preparation(Inspector::local, options, log::add).prepare(List.of(artifact)))
                .get(0);
    }

    private UploadSession open(UploadOptions options) throws UploadFailure, InterruptedException {
        try {
            Credential credential = new Credential.BearerToken("mender-pat", token);
            return UploadSession.open(transport, MenderServer.parse(url), credential, options, pacing, log::add);
        } catch (InvalidServerUrlException e) {
            throw new IllegalArgumentException(url, e);
        }
    }

    /** {@return everything a user reads of a failure} */
    String told(UploadFailure failure) {
        return String.join("\n", log) + '\n' + String.join("\n", failure.explanation()) + "\nERROR: "
                + failure.getMessage();
    }
}
