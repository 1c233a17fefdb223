package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.MenderApi;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.PlainText;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.api.Transport;
import io.jenkins.plugins.mender.api.TransportException;
import io.jenkins.plugins.mender.upload.ExistingArtifacts.Decision;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Uploads to one server with one credential: logs in if need be, judges all files, then sends one after another. */
public final class UploadSession {
    private static final int NAME_LIMIT = 256;

    private final MenderServer server;
    private final MenderApi api;
    private final Token token;
    private final FailureReport failures;
    private final UploadLog log;
    private final Clock clock;
    private final String owner;

    private UploadSession(
            MenderServer server, MenderApi api, Token token, FailureReport failures, UploadLog log, Clock clock)
            throws UploadFailure, InterruptedException {
        this.server = server;
        this.api = api;
        this.token = token;
        this.failures = failures;
        this.log = log;
        this.clock = clock;
        this.owner = owner();
    }

    /**
     * Opens the session: warns of an unencrypted way, logs in when the credential is a user's name and password, and asks who
     * the token belongs to, so that a refused token is noticed before anything is sent.
     *
     * @param transport the way requests go
     * @param server where they go
     * @param credential what opens the server
     * @param log where to tell what happens
     * @param clock the time
     * @return the session
     * @throws UploadFailure when the server cannot be reached or refuses the credential
     * @throws InterruptedException when the thread was interrupted
     */
    public static UploadSession open(
            Transport transport, MenderServer server, Credential credential, UploadLog log, Clock clock)
            throws UploadFailure, InterruptedException {
        if (server.isUnencrypted()) {
            log.line(Texts.get("log.unencrypted", server));
        }
        FailureReport failures = new FailureReport(server, credential, clock.instant());
        Token token = token(transport, server, credential, failures);
        return new UploadSession(server, new MenderApi(transport, server, token), token, failures, log, clock);
    }

    private static Token token(Transport transport, MenderServer server, Credential credential, FailureReport failures)
            throws UploadFailure, InterruptedException {
        try {
            if (credential instanceof Credential.Login login) {
                return MenderApi.login(transport, server, login.user(), login.password());
            }
            return Token.of(((Credential.BearerToken) credential).secret());
        } catch (ApiError e) {
            throw failures.login(e);
        } catch (TransportException e) {
            throw failures.unanswered(e);
        } catch (IllegalArgumentException e) {
            throw failures.unusableToken();
        }
    }

    /** The token's owner; a role that may upload need not be allowed to ask, so only a refused token ends the session. */
    private String owner() throws UploadFailure, InterruptedException {
        try {
            String email = api.me().email();
            return email == null ? "" : PlainText.oneLine(email, NAME_LIMIT);
        } catch (ApiError e) {
            if (e.status() == 401) {
                throw failures.refused(e, token);
            }
            return "";
        } catch (TransportException e) {
            throw failures.unanswered(e);
        }
    }

    /**
     * Uploads files. What stands in the way of any of them is found before the first is sent; one that fails stops the rest.
     *
     * @param artifacts the files, on the machine that the transport sends from
     * @param options how to upload
     * @return what is on the server now, in the order of the files
     * @throws UploadFailure when it did not work, or may not have
     * @throws InterruptedException when the thread was interrupted; the connection is closed then
     */
    public List<UploadResult> upload(List<PreparedArtifact> artifacts, UploadOptions options)
            throws UploadFailure, InterruptedException {
        ExistingArtifacts existing = new ExistingArtifacts(api, token, failures, options.ifExists(), log);
        List<Decision> decisions = new ArrayList<>();
        for (PreparedArtifact artifact : artifacts) {
            announce(artifact);
            decisions.add(existing.decide(artifact));
        }
        ArtifactUpload upload = new ArtifactUpload(server, api, token, failures, log, clock, existing, options);
        List<UploadResult> results = new ArrayList<>();
        for (int i = 0; i < artifacts.size(); i++) {
            PreparedArtifact artifact = artifacts.get(i);
            if (artifacts.size() > 1) {
                log.line(Texts.get("log.file", i + 1, artifacts.size(), name(artifact)));
            }
            try {
                results.add(upload.carryOut(artifact, decisions.get(i)));
            } catch (UploadFailure e) {
                throw e.after(results, artifacts.size());
            }
        }
        return results;
    }

    private void announce(PreparedArtifact artifact) {
        log.line(Texts.get(
                owner.isEmpty() ? "log.uploading" : "log.uploadingAs",
                name(artifact),
                Figures.size(artifact.file().size()),
                server,
                owner));
        artifact.known()
                .ifPresent(known ->
                        new ArtifactTable(artifact.file(), known).lines().forEach(log::line));
    }

    private static String name(PreparedArtifact artifact) {
        return PlainText.oneLine(artifact.file().name(), NAME_LIMIT);
    }
}
