package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.Artifact;
import io.jenkins.plugins.mender.api.ArtifactFile;
import io.jenkins.plugins.mender.api.MenderApi;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.PlainText;
import io.jenkins.plugins.mender.api.Receipt;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.api.Transport;
import io.jenkins.plugins.mender.api.TransportException;
import io.jenkins.plugins.mender.api.TransportException.Failure;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Uploads to one server with one credential: logs in if need be, sends files one after another, and tells what happens. */
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
            throw new UploadFailure(
                    Texts.get("gist.token.unusable", credential.id()) + ' ' + Texts.get("stored.nothing"), List.of());
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
     * Uploads one file.
     *
     * @param file the Artifact, on the machine that the transport sends from
     * @param description free text for the Artifact, none when empty
     * @return what is on the server now
     * @throws UploadFailure when it did not work, or may not have
     * @throws InterruptedException when the thread was interrupted; the connection is closed then
     */
    public UploadResult upload(ArtifactFile file, String description) throws UploadFailure, InterruptedException {
        log.line(Texts.get(
                owner.isEmpty() ? "log.uploading" : "log.uploadingAs",
                PlainText.oneLine(file.name(), NAME_LIMIT),
                Figures.size(file.size()),
                server,
                owner));
        long start = clock.millis();
        int attempts = 1;
        Receipt receipt;
        try {
            Optional<Receipt> first = withConsent(file, description);
            if (first.isPresent()) {
                receipt = first.get();
            } else {
                attempts++;
                receipt = api.upload(file, description, false);
            }
        } catch (ApiError e) {
            throw failures.upload(e, token, file.size());
        } catch (TransportException e) {
            throw failures.unanswered(e);
        }
        Duration duration = Duration.ofMillis(clock.millis() - start);
        log.line(Texts.get(
                "log.uploaded",
                (receipt.status() + " " + receipt.reason()).strip(),
                Figures.time(duration),
                receipt.artifactId(),
                receipt.requestId()));
        return result(file, receipt, attempts, duration);
    }

    /**
     * Sends the file after asking for consent, which spares an upload that would be refused. Behind some gateways an early
     * answer to such a request ends as a cut connection or a 502: as long as the file was not sent to its end nothing can be
     * stored, and the result is empty.
     */
    private Optional<Receipt> withConsent(ArtifactFile file, String description)
            throws ApiError, TransportException, InterruptedException {
        try {
            return Optional.of(api.upload(file, description, true));
        } catch (ApiError e) {
            if (e.status() != 417 && (e.status() != 502 || e.sentBytes() >= file.size())) {
                throw e;
            }
            log.line(Texts.get("log.withoutConsent", "HTTP " + e.status()));
        } catch (TransportException e) {
            if (e.failure() != Failure.CUT || e.wholeBodySent()) {
                throw e;
            }
            log.line(Texts.get("log.withoutConsent", e.getMessage()));
        }
        return Optional.empty();
    }

    private UploadResult result(ArtifactFile file, Receipt receipt, int attempts, Duration duration)
            throws InterruptedException {
        String name = "";
        List<String> deviceTypes = List.of();
        try {
            Artifact artifact = api.artifact(receipt.artifactId());
            name = artifact.name() == null ? "" : artifact.name();
            deviceTypes = artifact.deviceTypes();
        } catch (ApiError | TransportException e) {
            log.line(Texts.get("log.notDescribed", e.getMessage()));
        }
        URI page = server.releasePage(name);
        log.line("  " + log.link(page));
        return new UploadResult(
                receipt.artifactId(),
                name,
                page,
                file.name(),
                file.size(),
                receipt.sha256(),
                deviceTypes,
                Outcome.UPLOADED,
                receipt.status(),
                receipt.requestId(),
                attempts,
                duration.toMillis());
    }
}
