package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.MenderApi;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.api.User;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.http.LocalTransport.TlsConnection;
import io.jenkins.plugins.mender.http.PlainText;
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
    private static final int NAME_LIMIT = 256;

    /** A name that no Artifact has, so that asking for it lists nothing. */
    private static final String NO_ARTIFACT = "jenkins-connection-test";

    private final MenderServer server;
    private final ConnectionSettings settings;
    private final FailureReport failures;
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

    private ConnectionCheck(MenderServer server, ConnectionSettings settings, Credential credential) {
        this.server = server;
        this.settings = settings.withTimeouts(PATIENCE, PATIENCE);
        this.failures = new FailureReport(server, credential, Pacing.real());
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
        ConnectionCheck check = new ConnectionCheck(server, settings, credential);
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
        for (String note : ConnectionNotes.of(server, settings)) {
            lines.add(note);
        }
        if (settings.skipCertificateCheck() && server.isEncrypted()) {
            verdict = Verdict.DOUBTFUL;
        }
        LocalTransport transport = new LocalTransport(settings, tls::set);
        Token token = UploadSession.token(
                transport, server, credential, failures, new Retry(1, failures, Pacing.real(), line -> {}));
        failures.checkValidity(token, this::doubt);
        MenderApi api = new MenderApi(transport, server, token);
        String owner = owner(api, token);
        tellConnection();
        lines.add(Texts.get(
                "check.owner", owner, TokenValidity.of(token, Instant.now()).text()));
        if (!token.plan().isEmpty()) {
            lines.add(Texts.get("check.plan", token.plan()));
        }
        tellWhetherItMayList(api, token);
    }

    private String owner(MenderApi api, Token token) throws UploadFailure, InterruptedException {
        try {
            User user = api.me();
            return user.email() == null ? Texts.get("check.somebody") : PlainText.oneLine(user.email(), NAME_LIMIT);
        } catch (ApiError e) {
            if (e.status() == 403 && e.bodyKind() == ApiError.BodyKind.JSON) {
                return Texts.get("check.somebody");
            }
            throw failures.refused(e, token);
        } catch (TransportException e) {
            throw failures.unanswered(e);
        }
    }

    private void tellWhetherItMayList(MenderApi api, Token token) throws UploadFailure, InterruptedException {
        try {
            api.artifactsNamed(NO_ARTIFACT);
            lines.add(Texts.get("check.mayList"));
        } catch (ApiError e) {
            if (e.status() != 403) {
                throw failures.refused(e, token);
            }
            doubt(Texts.get("check.mayNotList", FailureReport.answerLine(e)));
        } catch (TransportException e) {
            throw failures.unanswered(e);
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
