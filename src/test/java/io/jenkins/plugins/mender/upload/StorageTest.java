package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.http.TrustedCertificates;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.CertificateAuthority;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.RawServer;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer.Exchange;
import io.jenkins.plugins.mender.upload.UploadOptions.IfExists;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The link to a stored file leads to somebody else than the server: what it gets, and what is told when it does not help. */
class StorageTest {
    private static final UploadOptions REUSE = UploadOptions.defaults().with(IfExists.REUSE);
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.root("Example Root");
    private static final String BY_LIST = "by what the server lists, since its manifest cannot be read: ";

    @TempDir
    private Path folder;

    @AutoClose
    private SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private EngineFixture engine = new EngineFixture(server);

    private void start(SimulatedMenderServer other) {
        server.close();
        server = other;
        engine = new EngineFixture(server);
    }

    @ParameterizedTest
    @EnumSource
    void itGetsTheLinkAndNothingElse(Flavour flavour) throws Exception {
        start(SimulatedMenderServer.start(flavour));
        assertThat(reused(), is("by manifest"));
        assertThat(server.storage().exchanges(), hasSize(1));
        Exchange exchange = server.storage().exchanges().get(0);
        assertThat(exchange.status(), is(206));
        assertThat(exchange.headers().keySet(), is(Set.of("range", "host", "connection", "user-agent")));
        assertThat(exchange.headers().values().toString(), not(containsString(engine.token)));
    }

    @Test
    void aStorageThatDoesNotKnowRangesIsLeftAfterTheBeginOfTheFile() throws Exception {
        server.storage().ignoreRanges();
        Path large =
                new ArtifactBuilder("large", "a").payload(20L * 1024 * 1024).write(folder.resolve("large.mender"));
        assertThat(reused(large), is("by manifest"));
        assertThat(server.storage().exchanges().stream().map(Exchange::status).toList(), is(List.of(200)));
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 403, 404, 416, 500, 503})
    void anyOtherAnswerIsNamedByItsStatus(int status) throws Exception {
        server.storage().answer(status);
        assertThat(reused(), containsString(BY_LIST + "http://127.0.0.1:"));
        assertThat(engine.log, hasItem(containsString(", where the file is stored, answered " + status + ".")));
        assertThat(server.storage().exchanges(), hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "secret",
                "{\"uri\":null}",
                "{\"uri\":{}}",
                "{\"uri\":\"\"}",
                "{\"uri\":\"/files/1?secret\"}",
                "{\"uri\":\"//127.0.0.1/files/1?secret\"}",
                "{\"uri\":\"file:///etc/passwd?secret\"}",
                "{\"uri\":\"ftp://127.0.0.1/1?secret\"}",
                "{\"uri\":\"jar:http://127.0.0.1/1!/?secret\"}",
                "{\"uri\":\"http:secret\"}",
                "{\"uri\":\"http://?secret\"}",
                "{\"uri\":\"http://127.0.0.1:99999/1?secret\"}",
                "{\"uri\":\"http://user:secret@127.0.0.1/1\"}",
                "{\"uri\":\"http://127.0.0.1/1?secret and blanks\"}"
            })
    void whatIsNoLinkIsNotFollowed(String answer) throws Exception {
        assertThat(
                reused(Reply.json(200, answer)),
                containsString(BY_LIST + "The server's download link cannot be used."));
    }

    @Test
    void aLinkInARefusalIsNotRepeated() throws Exception {
        Reply redirect = Reply.html(302, "http://127.0.0.1/1?secret").with("Location", "http://127.0.0.1/1?secret");
        assertThat(reused(redirect), containsString(BY_LIST + "The server gives no download link (302)."));
        assertThat(server.storage().exchanges(), is(empty()));
    }

    @Test
    void anOldServerWithoutLinksAndOneThatLostTheFile() throws Exception {
        Reply none = Reply.error(404, "Resource not found");
        assertThat(reused(none), containsString("no download link (404 Resource not found)"));
        assertThat(reused(Reply.error(500, "internal error")), containsString("no download link (500 internal error)"));
    }

    @Test
    void aStorageThatCannotBeReachedIsAskedOnceInAStep() throws Exception {
        try (RawServer closing = RawServer.closing()) {
            Path one = artifact("one");
            Path other = artifact("other");
            engine.upload(REUSE, one, other);
            server.artifacts().forEach(stored -> link(stored.id(), closing.url() + "/1?secret"));
            engine.upload(REUSE, one, other).forEach(result -> assertThat(result.outcome(), is(Outcome.REUSED)));
            assertThat(
                    engine.log, hasItem(containsString(BY_LIST + "The connection to " + closing.url() + " was cut")));
            assertThat(closing.connections(), is(1));
            assertThat(String.join("\n", engine.log), not(containsString("secret")));
        }
    }

    @Test
    void aHostThatDoesNotExist() throws Exception {
        String link = "http://storage.invalid:9000/1?secret";
        assertThat(
                reused(Reply.json(200, "{\"uri\":\"" + link + "\"}")),
                containsString(BY_LIST + "http://storage.invalid:9000 cannot be found"));
    }

    @Test
    void whatIsNoArtifactIsNotCompared() throws Exception {
        try (RawServer page = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")) {
            assertThat(
                    reused(Reply.json(200, "{\"uri\":\"" + page.url() + "\"}")),
                    containsString(BY_LIST + "What its download link leads to is no Artifact."));
        }
    }

    @Test
    void itsCertificateIsCheckedAsTheServersIs() throws Exception {
        ConnectionSettings trusting =
                ConnectionSettings.defaults().trusting(TrustedCertificates.parse(AUTHORITY.pem()));
        start(SimulatedMenderServer.start(Flavour.MENDER_4_1, AUTHORITY.server()));
        engine.transport = new LocalTransport(trusting);
        assertThat(reused(), is("by manifest"));

        start(SimulatedMenderServer.start(Flavour.MENDER_4_1, AUTHORITY.server()));
        server.storage().show(CertificateAuthority.selfSigned());
        engine.transport = new LocalTransport(trusting);
        assertThat(reused(), containsString("is signed by itself and not trusted"));
        assertThat(server.storage().exchanges(), is(empty()));
    }

    private String reused() throws Exception {
        return reused(artifact("release"));
    }

    /** Uploads a file twice and {@return how it was compared}. */
    private String reused(Path file) throws Exception {
        engine.upload(REUSE, file);
        return compared(file);
    }

    private String reused(Reply link) throws Exception {
        Path file = artifact("release");
        server.clear();
        engine.upload(REUSE, file);
        server.answer(key(server.artifacts().get(0).id()), link);
        return compared(file);
    }

    private String compared(Path file) throws Exception {
        engine.log.clear();
        assertThat(engine.upload(REUSE, file).get(0).outcome(), is(Outcome.REUSED));
        String log = String.join("\n", engine.log);
        assertThat(log, not(containsString(server.storage().signature())));
        assertThat(log, not(containsString("secret")));
        return log.contains("by manifest: ") ? "by manifest" : log;
    }

    private void link(String id, String uri) {
        server.answer(key(id), Reply.json(200, "{\"uri\":\"" + uri + "\"}"));
    }

    private static String key(String id) {
        return "GET /api/management/v1/deployments/artifacts/" + id + "/download";
    }

    private Path artifact(String name) throws IOException {
        return new ArtifactBuilder(name, "a").write(folder.resolve(name + ".mender"));
    }
}
