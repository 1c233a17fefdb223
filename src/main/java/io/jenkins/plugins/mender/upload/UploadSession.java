package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.MenderApi;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.upload.ExistingArtifacts.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Uploads to one server with one credential: logs in if need be, judges all files, then sends one after another. */
public final class UploadSession {
    private static final int NAME_LIMIT = 256;

    private final Conversation talk;
    private final String owner;

    private UploadSession(Conversation talk, String owner) {
        this.talk = talk;
        this.owner = owner;
    }

    /**
     * Opens the session: warns of an unencrypted way, logs in when the credential is a user's name and password, and asks who
     * the token belongs to, so that a refused token is noticed before anything is sent.
     *
     * @param transport the way requests go
     * @param server where they go
     * @param credential what opens the server
     * @param options how to upload
     * @param pacing the time
     * @param log where to tell what happens
     * @return the session
     * @throws UploadFailure when the server cannot be reached or refuses the credential
     * @throws InterruptedException when the thread was interrupted
     */
    public static UploadSession open(
            Transport transport,
            MenderServer server,
            Credential credential,
            UploadOptions options,
            Pacing pacing,
            UploadLog log)
            throws UploadFailure, InterruptedException {
        if (server.isUnencrypted()) {
            log.line(Texts.get("log.unencrypted", server));
        }
        FailureReport failures = new FailureReport(server, credential, pacing);
        Retry retry = new Retry(options.maxAttempts(), failures, pacing, log);
        Token token = token(transport, server, credential, failures, retry);
        failures.checkValidity(token, log);
        Conversation talk = new Conversation(
                server, new MenderApi(transport, server, token), token, options, retry, failures, pacing, log);
        return new UploadSession(talk, owner(talk));
    }

    /** {@return the token, or that of a new session} */
    static Token token(
            Transport transport, MenderServer server, Credential credential, FailureReport failures, Retry retry)
            throws UploadFailure, InterruptedException {
        try {
            if (credential instanceof Credential.Login login) {
                return retry.call(() -> MenderApi.login(transport, server, login.user(), login.password()));
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
    private static String owner(Conversation talk) throws UploadFailure, InterruptedException {
        try {
            String email = talk.retry().call(talk.api()::me).email();
            return email == null ? "" : PlainText.oneLine(email, NAME_LIMIT);
        } catch (ApiError e) {
            if (e.status() == 401) {
                throw talk.failures().refused(e, talk.token());
            }
            return "";
        } catch (TransportException e) {
            throw talk.failures().unanswered(e);
        }
    }

    /** Uploads files in a run that nothing came before; see {@link #upload(List, UploadJournal)}. */
    public List<UploadResult> upload(List<PreparedArtifact> artifacts) throws UploadFailure, InterruptedException {
        return upload(artifacts, new UploadJournal());
    }

    /**
     * Uploads files. What stands in the way of any of them is found before the first is sent; one that fails stops the rest.
     *
     * @param artifacts the files, on the machine that the transport sends from
     * @param journal what is known of them from a run that broke off, and where to note what becomes of them
     * @return what is on the server now, in the order of the files
     * @throws UploadFailure when it did not work, or may not have
     * @throws InterruptedException when the thread was interrupted; the connection is closed then
     */
    public List<UploadResult> upload(List<PreparedArtifact> artifacts, UploadJournal journal)
            throws UploadFailure, InterruptedException {
        ExistingArtifacts existing = new ExistingArtifacts(talk);
        List<Decision> decisions = new ArrayList<>();
        for (PreparedArtifact artifact : artifacts) {
            announce(artifact);
            decisions.add(decide(artifact, existing, journal));
        }
        List<UploadResult> results = new ArrayList<>();
        for (int i = 0; i < artifacts.size(); i++) {
            PreparedArtifact artifact = artifacts.get(i);
            String file = artifact.file().name();
            if (artifacts.size() > 1) {
                talk.log().line(Texts.get("log.file", i + 1, artifacts.size(), name(artifact)));
            }
            Optional<UploadResult> before = journal.result(file);
            if (before.isPresent()) {
                talk.log().line(Texts.get("log.before", before.get().id()));
                results.add(before.get());
                continue;
            }
            String replaced = journal.isUnderWay(file) ? journal.replaced() : "";
            try {
                results.add(new ArtifactUpload(talk, existing, journal, artifact).carryOut(decisions.get(i), replaced));
            } catch (UploadFailure e) {
                throw e.after(results, artifacts.size());
            }
            if (!talk.options().dryRun()) {
                journal.done(file, results.get(i));
            }
        }
        return results;
    }

    private Decision decide(PreparedArtifact artifact, ExistingArtifacts existing, UploadJournal journal)
            throws UploadFailure, InterruptedException {
        String file = artifact.file().name();
        if (journal.result(file).isPresent()) {
            return new Decision.Send();
        }
        if (journal.isUnderWay(file)) {
            talk.log().line(Texts.get("log.resumed", name(artifact)));
            return existing.decideAgain(
                    artifact, journal.replaced(), talk.failures().brokenOff(file));
        }
        return existing.decide(artifact);
    }

    private void announce(PreparedArtifact artifact) {
        talk.log()
                .line(Texts.get(
                        owner.isEmpty() ? "log.uploading" : "log.uploadingAs",
                        name(artifact),
                        Figures.size(artifact.file().size()),
                        talk.server().label(),
                        owner));
        artifact.known()
                .ifPresent(known ->
                        new ArtifactTable(artifact.file(), known).lines().forEach(talk.log()::line));
    }

    private static String name(PreparedArtifact artifact) {
        return PlainText.oneLine(artifact.file().name(), NAME_LIMIT);
    }
}
