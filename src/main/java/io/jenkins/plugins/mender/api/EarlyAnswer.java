package io.jenkins.plugins.mender.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.ResponseOutOfOrderStrategy;
import org.apache.hc.core5.util.Timeout;

/**
 * Notices an answer that comes while the body of a request is still going out; without it all that is seen is a broken pipe.
 * HttpClient's own strategy waits a millisecond each time it looks, which at its 8 KiB costs a hundred times the speed, and at
 * 1 MiB still half of it on a fast network. This one asks how many bytes lie ready on the wire, which costs nothing, and
 * has HttpClient read only then. For one connection at a time.
 */
final class EarlyAnswer implements ResponseOutOfOrderStrategy {
    /** How often to look, in bytes of the body. */
    private static final long CHUNK_BYTES = 1024 * 1024;

    private Socket wire;

    /** {@return the same TLS, but it tells this strategy which socket it lies on, for TLS itself cannot say what has come} */
    TlsSocketStrategy below(TlsSocketStrategy tls) {
        return (socket, host, port, attachment, context) -> {
            wire = socket;
            return tls.upgrade(socket, host, port, attachment, context);
        };
    }

    /** The first look also finds what HttpClient read together with the consent to the body. */
    @Override
    public boolean isEarlyResponseDetected(
            ClassicHttpRequest request, HttpClientConnection connection, InputStream in, long sent, long next)
            throws IOException {
        long chunk = sent / CHUNK_BYTES;
        return chunk < (sent + next) / CHUNK_BYTES
                && (chunk == 0 || hasCome(in))
                && connection.isDataAvailable(Timeout.ONE_MILLISECOND);
    }

    private boolean hasCome(InputStream in) throws IOException {
        return (wire == null ? in : wire.getInputStream()).available() > 0;
    }
}
