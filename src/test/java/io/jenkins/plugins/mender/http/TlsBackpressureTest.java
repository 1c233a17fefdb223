package io.jenkins.plugins.mender.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jenkins.plugins.mender.simulator.CertificateAuthority;
import io.jenkins.plugins.mender.simulator.TlsIdentity;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.junit.jupiter.api.Test;

/** How much is encrypted while the network takes nothing. */
class TlsBackpressureTest {
    private static final int LONGEST_RECORD = 17 * 1024;

    private final ByteBuffer toServer = ByteBuffer.allocate(16 * 1024 * 1024);
    private final ByteBuffer toClient = ByteBuffer.allocate(1024 * 1024);
    private final ByteBuffer read = ByteBuffer.allocate(1024 * 1024);

    @Test
    void onlySoMuchIsEncryptedUntilItHasGoneOut() throws Exception {
        TlsIdentity identity = CertificateAuthority.selfSigned();
        SSLContext context = TlsContexts.of(ConnectionSettings.defaults().withoutCertificateCheck());
        SSLEngine client = context.createSSLEngine("localhost", 443);
        client.setUseClientMode(true);
        SSLEngine server = identity.context().createSSLEngine();
        server.setUseClientMode(false);
        handshake(client, server);

        ByteBuffer file = ByteBuffer.allocate(8 * 1024 * 1024);
        while (client.wrap(file, toServer).bytesConsumed() > 0) {
            assertThat(toServer.position(), lessThan(TlsBackpressure.LIMIT_BYTES + LONGEST_RECORD));
        }
        int taken = file.position();
        assertThat(taken, greaterThan(TlsBackpressure.LIMIT_BYTES - LONGEST_RECORD));

        toServer.clear(); // it has gone out
        assertThat(client.wrap(file, toServer).bytesConsumed(), greaterThan(0));
        client.closeOutbound();
        toServer.position(TlsBackpressure.LIMIT_BYTES);
        assertThat(client.wrap(ByteBuffer.allocate(0), toServer).bytesProduced(), greaterThan(0));
        assertThat(client.isOutboundDone(), is(true));
    }

    private void handshake(SSLEngine client, SSLEngine server) throws Exception {
        client.beginHandshake();
        server.beginHandshake();
        while (isHandshaking(client) || isHandshaking(server)) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
        }
        toServer.clear();
    }

    private static boolean isHandshaking(SSLEngine engine) {
        return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    private void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws Exception {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> engine.getDelegatedTask().run();
            case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
            default -> {
                in.flip();
                engine.unwrap(in, read);
                in.compact();
            }
        }
    }
}
