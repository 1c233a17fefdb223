package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token that is replaced and revoked while an upload goes on: the credentials are read again, and nothing is lost or sent twice. */
class RenewedTokenTest {
    private static final String ME = "/useradm/users/me";
    private static final String UPLOAD = "POST /api/management/v1/deployments/artifacts";

    @TempDir
    private Path folder;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private final EngineFixture f = new EngineFixture(server);
    private final String old = f.token;
    private final String renewed = server.token();

    /** What the credentials hold, and how often they were read again. */
    private String kept = old;

    private int reads;

    private UploadResult upload(String file) throws Exception {
        Path artifact = ArtifactBuilder.recorded(file, folder);
        UploadOptions options = UploadOptions.defaults();
        Supplier<Credential> credentials = () -> {
            reads++;
            return new Credential.BearerToken("mender-pat", kept);
        };
        return f.session(options)
                .rereading(credentials)
                .upload(f.prepare(options, artifact))
                .get(0);
    }

    /** Has the token revoked before the request of that number after the one for its owner. */
    private void revokeBefore(int number) {
        Transport line = f.transport;
        List<String> requests = new ArrayList<>();
        f.transport = (request, listener) -> {
            if (!request.uri().getPath().endsWith(ME)) {
                requests.add(request.method());
            }
            if (requests.size() == number) {
                server.revoke(old);
            }
            return line.send(request, listener);
        };
    }

    /** The requests are: what is there of that name, and the file. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anyRequestGoesOnWithTheNewOne(int number) throws Exception {
        kept = renewed;
        revokeBefore(number);
        UploadResult result = upload("rootfs-gzip.mender");
        assertThat(server.artifacts(), hasSize(1));
        assertThat(server.artifacts().get(0).id(), is(result.id()));
        assertThat(server.uploads().stream().filter(one -> one.status() == 201).toList(), hasSize(1));
        String log = String.join("\n", f.log);
        assertThat(
                log.split("The server refused the token in credentials 'mender-pat' \\(401\\)", -1).length - 1, is(1));
        assertThat(log, allOf(not(containsString(old)), not(containsString(renewed))));
        assertThat(reads, is(1));
    }

    @Test
    void theSameOneIsNotTriedAgain() {
        revokeBefore(2);
        UploadFailure failure = assertThrows(UploadFailure.class, () -> upload("rootfs-gzip.mender"));
        assertThat(failure.getMessage(), containsString("Nothing was uploaded."));
        assertThat(f.told(failure), containsString("it was revoked"));
        assertThat(server.uploads(), hasSize(1));
        assertThat(server.artifacts(), hasSize(0));
    }

    @Test
    void aSecondRefusalIsTheEndAndTellsNeither() {
        kept = renewed;
        revokeBefore(2);
        server.answer(UPLOAD, Reply.error(401, "invalid jwt " + kept + ' ' + old));
        UploadFailure failure = assertThrows(UploadFailure.class, () -> upload("rootfs-gzip.mender"));
        assertThat(server.uploads(), hasSize(2));
        assertThat(f.told(failure), containsString("(401 invalid jwt **** ****)"));
        assertThat(f.told(failure), allOf(not(containsString(old)), not(containsString(kept))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", ""})
    void credentialsThatHoldNoTokenAnyLongerAreNoHelp(String text) {
        kept = text;
        revokeBefore(2);
        UploadFailure failure = assertThrows(UploadFailure.class, () -> upload("rootfs-gzip.mender"));
        assertThat(f.told(failure), containsString("it was revoked"));
    }

    /** The answer to a file that was stored is lost, and the token is replaced before anybody asks for it. */
    @Test
    void aFileThatArrivedIsFoundWithTheNewOne() throws Exception {
        kept = renewed;
        Transport line = f.transport;
        f.transport = (request, listener) -> {
            if (request.method().equals("POST") && server.artifacts().isEmpty()) {
                line.send(request, listener);
                server.revoke(old);
                throw new TransportException(TransportException.Failure.CUT, "Connection reset", 71168, true);
            }
            return line.send(request, listener);
        };
        UploadResult result = upload("rootfs-gzip.mender");
        assertThat(result.outcome(), is(UploadResult.Outcome.RECOVERED));
        assertThat(server.artifacts(), hasSize(1));
        assertThat(server.uploads(), hasSize(1));
    }
}
