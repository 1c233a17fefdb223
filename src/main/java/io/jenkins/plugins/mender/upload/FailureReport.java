package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.http.CertificateProblem;
import io.jenkins.plugins.mender.http.ServerCertificate;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.upload.Retry.Setback;
import io.jenkins.plugins.mender.upload.UploadFailure.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts a refused or failed request into words: what came back, what it most likely means, what to do, what is stored. */
final class FailureReport {
    /** How far the clocks of Jenkins and of the server may be apart. */
    private static final Duration CLOCKS = Duration.ofMinutes(5);

    /** How long before its end a token is warned of. */
    private static final Duration NOTICE = Duration.ofDays(14);

    private final MenderServer server;
    private final Credential credential;
    private Token token;
    private final Pacing pacing;

    /** @param token who asks, null before that is known */
    FailureReport(MenderServer server, Credential credential, Token token, Pacing pacing) {
        this.server = server;
        this.credential = credential;
        this.token = token;
        this.pacing = pacing;
    }

    /** Takes note of the token that asks from now on. {@return whether it is another one} */
    boolean isRenewed(Token current) {
        boolean other = !current.value().equals(token.value());
        token = current;
        return other;
    }

    /** A login that was refused, or answered by something that is no Mender Server. */
    UploadFailure login(ApiError error) {
        return error.status() == 401 ? failure(error, "login") : refused(error);
    }

    /** A token that cannot even be sent. */
    UploadFailure unusableToken() {
        return new UploadFailure(Texts.get("gist.token.unusable", credential.id()), Stored.NOTHING, List.of());
    }

    /**
     * Judges the token by what it says of itself, before it is sent.
     *
     * @param log where to warn of one that is about to expire
     * @throws UploadFailure when it has expired
     */
    void checkValidity(UploadLog log) throws UploadFailure {
        TokenValidity validity = TokenValidity.of(token, pacing.now());
        if (credential instanceof Credential.Login || !validity.endsWithin(NOTICE)) {
            return; // a session that was opened a moment ago is meant to be short
        }
        if (validity.isOver()) {
            throw new UploadFailure(
                    Texts.get("gist.token.over", credential.id(), validity.text()),
                    Stored.NOTHING,
                    lines(Texts.get("why.token.over", credential.id())));
        }
        log.line(Texts.get("log.tokenEnds", credential.id(), validity.text()));
    }

    /** A request about anything but an upload that was refused. */
    UploadFailure refused(ApiError error) {
        return failure(error, kind(error));
    }

    /**
     * An upload that was answered by anything but success. What the server holds then is for the caller to say.
     *
     * @param size the file's size in bytes
     * @param time how long the attempt took
     */
    UploadFailure upload(ApiError error, long size, Duration time) {
        if (!Setback.isGatewayTimeout(error)) {
            return refused(error);
        }
        String kind = error.sentBytes() < size ? "timeout.sending" : "timeout.answer";
        return failure(error, kind, Texts.time(time), Texts.part(error.sentBytes(), size));
    }

    /** A file that was being sent when Jenkins or its agent went down. */
    UploadFailure brokenOff(String file) {
        return new UploadFailure(Texts.get("gist.brokenOff", Texts.line(file)), Stored.PERHAPS, List.of());
    }

    /** A request about a deployment that was refused; what became of the deployment is for the caller to say. */
    UploadFailure deployment(ApiError error) {
        String own = "deploy." + error.status();
        boolean general = error.status() == 401
                || error.bodyKind() == ApiError.BodyKind.HTML
                || Texts.has("gist." + error.status())
                        && List.of(404, 405, 407, 429).contains(error.status());
        return general ? refused(error) : failure(error, Texts.has("gist." + own) ? own : "deploy.refused");
    }

    /** An Artifact that is to be replaced and may not be deleted. */
    UploadFailure notDeleted(ApiError error) {
        return error.status() == 403 || error.status() == 409
                ? failure(error, "delete." + error.status())
                : refused(error);
    }

    /** A request that was not answered. */
    UploadFailure unanswered(TransportException e) {
        return new UploadFailure(
                gist(e), e.wholeBodySent() ? Stored.PERHAPS : Stored.NOTHING, lines(sentence("why.", server, e)));
    }

    /** {@return one sentence about a request to the server that was not answered} */
    String gist(TransportException e) {
        return gist(server, e);
    }

    /** {@return one sentence about a request that the server, or a storage, did not answer} */
    static String gist(Object who, TransportException e) {
        return sentence("gist.", who, e);
    }

    private static String sentence(String kind, Object server, TransportException e) {
        Optional<CertificateProblem> problem = e.certificateProblem();
        if (problem.isEmpty()) {
            return Texts.get(kind + e.failure(), server, e.getMessage());
        }
        ServerCertificate certificate = problem.get().certificate();
        return Texts.get(
                kind + "certificate." + problem.get().kind(),
                server,
                e.getMessage(),
                certificate.subject(),
                certificate.issuer(),
                certificate.notBefore(),
                certificate.notAfter(),
                certificate.names().isEmpty() ? certificate.subject() : String.join(", ", certificate.names()),
                String.join(" < ", problem.get().chain()));
    }

    /** The last arguments are what the kind's texts have beyond the others: from the eighth on. */
    private UploadFailure failure(ApiError error, String kind, Object... more) {
        String validity =
                token == null ? "" : TokenValidity.of(token, pacing.now()).text();
        List<Object> all = new ArrayList<>(List.of(
                credential.id(), server, error.status(), spoken(error), error.location(), validity, error.requestId()));
        all.addAll(List.of(more));
        Object[] arguments = all.toArray();
        List<String> lines = new ArrayList<>(List.of(answerLine(error)));
        lines.addAll(lines(Texts.get("why." + kind, arguments)));
        return new UploadFailure(Texts.get("gist." + kind, arguments), Stored.NOTHING, lines);
    }

    /** {@return the lines of a text, indented as explanations are; none for an empty one} */
    static List<String> lines(String text) {
        return text.lines()
                .filter(line -> !line.isBlank())
                .map(line -> "  " + line)
                .toList();
    }

    /** {@return status, words and request id of an answer} */
    static String answerLine(ApiError error) {
        String status = ("HTTP " + error.status() + ' ' + error.reason()).strip();
        String words =
                switch (error.bodyKind()) {
                    case EMPTY -> Texts.get("answer.empty", status);
                    case HTML -> Texts.get("answer.html", status, error.words());
                    case JSON, TEXT -> Texts.get("answer.words", status, error.words());
                };
        return Texts.get("answer.request", words, error.requestId());
    }

    private static String spoken(ApiError error) {
        return switch (error.bodyKind()) {
            case EMPTY, HTML -> String.valueOf(error.status());
            case JSON, TEXT -> error.status() + " " + error.words();
        };
    }

    private String kind(ApiError error) {
        int status = error.status();
        if (status == 401 && token != null) {
            return tokenTrouble(error);
        }
        if (status == 201) {
            return error.wholeFileSent() ? "201" : "201.early";
        }
        String own = String.valueOf(status);
        if (error.bodyKind() == ApiError.BodyKind.HTML && status == 403) {
            return "html";
        }
        return Texts.has("gist." + own) ? own : status / 100 + "xx";
    }

    private String tokenTrouble(ApiError error) {
        if (!token.isJwt()) {
            return "token.noJwt";
        }
        if (token.isExpired(pacing.now().plus(CLOCKS))) {
            return "token.expired";
        }
        if (error.words().equals("unauthorized")) {
            return "token.revoked";
        }
        return token.isIssuedByMender() ? "token.otherServer" : "token.otherIssuer";
    }
}
