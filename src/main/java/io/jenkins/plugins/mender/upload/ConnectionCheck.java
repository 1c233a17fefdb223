package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.MenderApi.User;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.http.LocalTransport.TlsConnection;
import io.jenkins.plugins.mender.http.TransportException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tries a server and a credential out without changing anything, in the words that an upload's log would use. It waits far
 * less long than an upload does.
 */
public final class ConnectionCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A name that no Artifact has, so that asking for it lists nothing. */
    private static final String NO_ARTIFACT = "jenkins-connection-test";

    private final MenderServer server;
    private final ConnectionSettings settings;
    private final AtomicReference<TlsConnection> tls = new AtomicReference<>();
    private final List<String> lines = new ArrayList<>();
    private Verdict verdict = Verdict.GOOD;

    /** What came out. */
    public enum Verdict {
        /** An upload can be expected to work. */
        GOOD,
        /** It works now, and something should be looked at. */
        DOUBTFUL,
        /** An upload would fail. */
        BAD
    }

    /**
     * What came out, with the reasons.
     *
     * @param verdict the worst of what was found
     * @param lines plain text, a thought on each
     */
    public record Report(Verdict verdict, List<String> lines) {}

    private ConnectionCheck(MenderServer server, ConnectionSettings settings) {
        this.server = server;
        this.settings = settings.withTimeouts(PATIENCE, PATIENCE);
    }

    /**
     * Tries a server out from this machine.
     *
     * @param server the server
     * @param settings proxy and trust; the timeouts are the check's own
     * @param credential what opens the server
     * @return what came out
     * @throws InterruptedException when the thread was interrupted
     */
    public static Report run(MenderServer server, ConnectionSettings settings, Credential credential)
            throws InterruptedException {
        ConnectionCheck check = new ConnectionCheck(server, settings);
        try {
            check.tryOut(credential);
        } catch (UploadFailure e) {
            check.tellConnection();
            check.verdict = Verdict.BAD;
            check.lines.add(e.gist());
            e.explanation().forEach(line -> check.lines.add(line.strip()));
        }
        return new Report(check.verdict, List.copyOf(check.lines));
    }

    private void tryOut(Credential credential) throws UploadFailure, InterruptedException {
        if (server.isUnencrypted()) {
            doubt(Texts.get("log.unencrypted", server));
        }
        lines.addAll(UploadSession.notes(server, settings));
        if (settings.skipCertificateCheck() && server.isEncrypted()) {
            verdict = Verdict.DOUBTFUL;
        }
        UploadSession session = UploadSession.logIn(
                new LocalTransport(settings, tls::set),
                server,
                credential,
                UploadOptions.defaults().attempting(1),
                Pacing.real(),
                this::doubt);
        String owner = owner(session);
        tellConnection();
        lines.add(Texts.get(
                "check.owner",
                owner,
                TokenValidity.of(session.token, Instant.now()).text()));
        if (!session.token.plan().isEmpty()) {
            lines.add(Texts.get("check.plan", session.token.plan()));
        }
        tellWhetherItMayList(session);
        tellWhetherItMayUpload(session);
    }

    private static String owner(UploadSession session) throws UploadFailure, InterruptedException {
        try {
            User user = session.api.me();
            return user.email() == null ? Texts.get("check.somebody") : Texts.line(user.email());
        } catch (ApiError e) {
            if (e.status() == 403 && e.bodyKind() == ApiError.BodyKind.JSON) {
                return Texts.get("check.somebody");
            }
            throw session.failures.refused(e);
        } catch (TransportException e) {
            throw session.failures.unanswered(e);
        }
    }

    private void tellWhetherItMayList(UploadSession session) throws UploadFailure, InterruptedException {
        try {
            session.api.artifactsNamed(NO_ARTIFACT);
            lines.add(Texts.get("check.mayList"));
        } catch (ApiError e) {
            if (e.status() != 403) {
                throw session.failures.refused(e);
            }
            doubt(Texts.get("check.mayNotList", FailureReport.answerLine(e)));
        } catch (TransportException e) {
            throw session.failures.unanswered(e);
        }
    }

    private void tellWhetherItMayUpload(UploadSession session) throws UploadFailure, InterruptedException {
        try {
            session.api.checkMayUpload();
            lines.add(Texts.get("check.mayUpload"));
        } catch (ApiError e) {
            if (e.status() == 401 || e.status() == 403) {
                throw session.failures.refused(e);
            }
            doubt(Texts.get("check.mayUpload.unknown", FailureReport.answerLine(e)));
        } catch (TransportException e) {
            throw session.failures.unanswered(e);
        }
    }

    private void tellConnection() {
        TlsConnection connection = tls.getAndSet(null);
        if (connection != null) {
            lines.add(Texts.get(
                    "check.tls",
                    connection.protocol(),
                    connection.certificate().subject(),
                    connection.certificate().issuer(),
                    TokenValidity.day(connection.certificate().notAfter())));
        }
    }

    private void doubt(String line) {
        verdict = Verdict.DOUBTFUL;
        lines.add(line);
    }
}
