package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.artifact.Inspector;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.http.TransportException.Failure;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.FastPacing;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An upload without Jenkins: what arrives, what the log says, and how refusals read. */
class UploadSessionTest {
    private static final String ME = "GET /api/management/v1/useradm/users/me";

    @TempDir
    private Path folder;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private final List<String> log = new ArrayList<>();

    @Test
    void theLogTellsWhatIsSentAndWhatTheServerSays() throws Exception {
        UploadResult result = upload(server.token(), "rootfs-gzip.mender");
        String id = server.artifacts().get(0).id();
        assertThat(
                log.get(0), startsWith("WARNING: build/rootfs-gzip.mender has a payload of type rootfs-image whose"));
        assertThat(
                log.get(1),
                is("Uploading build/rootfs-gzip.mender (69.5 KiB) to " + server.url() + " as ci@example.com"));
        assertThat(
                log.subList(2, 5),
                is(List.of(
                        "  Artifact      release-1, 69.5 KiB",
                        "  Device types  qemux86-64",
                        "  Payload       rootfs-image (rootfs.ext4, 64.0 KiB), format 3, gzip")));
        assertThat(
                log.get(5),
                matchesPattern("HTTP 201 Created after \\d+\\.\\d s: artifact " + id + " \\(request [0-9a-f-]{36}\\)"));
        assertThat(log.get(6), is("  " + server.url() + "/ui/releases/release-1"));
        assertThat(log, hasSize(7));
        assertThat(result.id(), is(id));
        assertThat(result.name(), is("release-1"));
        assertThat(result.deviceTypes(), is(List.of("qemux86-64")));
        assertThat(result.outcome(), is(Outcome.UPLOADED));
        assertThat(result.attempts(), is(1));
        assertThat(result.httpStatus(), is(201));
        assertThat(result.size(), is(71168L));
        assertThat(server.artifacts().get(0).description(), is("nightly ümläut"));
        assertThat(server.uploads().get(0).headers().get("x-men-requestid"), is(result.requestId()));
    }

    @Test
    void awkwardFileNamesAndArtifactNamesDoNotBreakTheRequestOrTheLog() throws Exception {
        Path file = ArtifactBuilder.recorded("unicode-name.mender", folder.resolve("in"));
        ArtifactFile awkward = ArtifactFile.of("build/a \"quoted\"\r\nX: ümläut.mender", file);
        upload(session(server.token()), awkward);
        assertThat(server.artifacts(), hasSize(1));
        assertThat(log.get(0), containsString("build/a \"quoted\" X: ümläut.mender"));
        assertThat(
                log.get(log.size() - 1),
                endsWith("/ui/releases/my%20release%201.0%20%C3%BCml%C3%A4ut%20%E6%97%A5%E6%9C%AC"));
    }

    @Test
    void aUserLogsInOnceForAllFiles() throws Exception {
        Credential.Login login = new Credential.Login("mender-login", server.user(), server.password());
        UploadSession session = open(login, transport());
        upload(session, file("rootfs-gzip.mender"));
        upload(session, file("rootfs-none.mender"));
        assertThat(server.artifacts(), hasSize(2));
        assertThat(
                server.exchanges().stream()
                        .filter(e -> e.request().endsWith("/auth/login"))
                        .count(),
                is(1L));
    }

    @Test
    void aWrongPasswordIsNamedAndNothingIsSent() {
        UploadFailure failure = assertThrows(
                UploadFailure.class,
                () -> open(new Credential.Login("mender-login", server.user(), "wrong password"), transport()));
        assertThat(
                failure.getMessage(),
                allOf(
                        containsString("'mender-login'"),
                        containsString("401 unauthorized"),
                        endsWith("Nothing was uploaded.")));
        assertThat(server.uploads(), is(empty()));
        assertThat(everything(failure), not(containsString("wrong password")));
    }

    @Test
    void aRefusedTokenIsExplainedByWhatItSays() throws Exception {
        assertThat(refusal(server.tokenUntil(Instant.now().minusSeconds(60))), containsString("expired on"));
        String revoked = server.token();
        server.revoke(revoked);
        assertThat(refusal(revoked), containsString("it was revoked"));
        assertThat(refusal("not-a-jwt-at-all"), containsString("no JSON Web Token"));
        try (SimulatedMenderServer other = SimulatedMenderServer.start(Flavour.MENDER_4_1)) {
            assertThat(refusal(other.token()), containsString("belongs to another server or region"));
        }
        assertThat(refusal("two words"), containsString("hold no token"));
        assertThat(server.uploads(), is(empty()));
    }

    @Test
    void aRoleThatMayNotAskWhoItIsMayStillUpload() throws Exception {
        server.answer(ME, Reply.error(403, "Access denied (RBAC)."));
        upload(server.token(), "rootfs-gzip.mender");
        assertThat(server.artifacts(), hasSize(1));
        assertThat(log, hasItem(endsWith("to " + server.url())));
    }

    @Test
    void anUploadCutOffBeforeItsEndIsTriedOnceWithoutAskingForConsent() throws Exception {
        List<Boolean> asked = new ArrayList<>();
        Transport gateway = (request, listener) -> {
            if (request.method().equals("POST")) {
                asked.add(request.expectContinue());
                if (request.expectContinue()) {
                    throw new TransportException(Failure.CUT, "Connection reset", 0, false);
                }
            }
            return transport().send(request);
        };
        UploadResult result = upload(
                open(new Credential.BearerToken("mender-pat", server.token()), gateway), file("rootfs-gzip.mender"));
        assertThat(asked, is(List.of(true, false)));
        assertThat(result.attempts(), is(2));
        assertThat(log, hasItem(containsString("without 'Expect: 100-continue'")));
    }

    @Test
    void anEchoedTokenIsTakenOutOfEveryText() throws Exception {
        String token = server.token();
        server.answer(
                SimulatedMenderServer.UPLOAD,
                Reply.error(400, "bad: Bearer " + token).with("Location", "http://elsewhere/" + token));
        UploadFailure failure = assertThrows(UploadFailure.class, () -> upload(token, "rootfs-gzip.mender"));
        assertThat(everything(failure), not(containsString(token)));
        assertThat(everything(failure), containsString("bad: Bearer ****"));
    }

    @Test
    void aServersControlCharactersDoNotReachTheLog() throws Exception {
        server.answer(SimulatedMenderServer.UPLOAD, Reply.error(400, "one\u001b[31m\ntwo\u202ethree\u0000"));
        UploadFailure failure = assertThrows(UploadFailure.class, () -> upload(server.token(), "rootfs-gzip.mender"));
        assertThat(failure.explanation().get(0), containsString("\"one?[31m two?three?\""));
    }

    private String refusal(String token) {
        UploadFailure failure = assertThrows(UploadFailure.class, () -> upload(token, "rootfs-gzip.mender"));
        assertThat(everything(failure), not(containsString(token)));
        return everything(failure);
    }

    private String everything(UploadFailure failure) {
        return String.join("\n", log) + '\n' + String.join("\n", failure.explanation()) + '\n' + failure;
    }

    private UploadResult upload(String token, String name) throws Exception {
        return upload(session(token), file(name));
    }

    private UploadResult upload(UploadSession session, ArtifactFile file) throws Exception {
        UploadOptions options = UploadOptions.defaults();
        return session.upload(new Preparation(Inspector::local, options, log::add).prepare(List.of(file)))
                .get(0);
    }

    private UploadSession session(String token) throws Exception {
        return open(new Credential.BearerToken("mender-pat", token), transport());
    }

    private UploadSession open(Credential credential, Transport transport) throws Exception {
        UploadOptions options = UploadOptions.defaults().describedBy("nightly ümläut");
        return UploadSession.open(
                transport, MenderServer.parse(server.url()), credential, options, new FastPacing(), log::add);
    }

    private static LocalTransport transport() {
        return new LocalTransport(ConnectionSettings.defaults());
    }

    private ArtifactFile file(String name) throws Exception {
        Path file = folder.resolve("in").resolve(name);
        if (!Files.exists(file)) {
            ArtifactBuilder.recorded(name, folder.resolve("in"));
        }
        return ArtifactFile.of("build/" + name, file);
    }
}
