package io.jenkins.plugins.mender.api;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;

/** Encrypts a connection with TLS 1.2 or 1.3, and knows afterwards whether and how that went. */
final class Encryption implements TlsSocketStrategy {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final ConnectionSettings settings;
    private final Consumer<TlsConnection> listener;
    private final FirstRecords records = new FirstRecords();
    private volatile Optional<CertificateProblem> problem = Optional.empty();
    private volatile boolean done;

    /**
     * Creates the encryption.
     *
     * @param settings what to trust
     * @param listener is told of the connection that was encrypted, by the thread that makes it
     */
    Encryption(ConnectionSettings settings, Consumer<TlsConnection> listener) {
        this.settings = settings;
        this.listener = listener;
    }

    /** Notes that a connection is to be made: nothing has been encrypted on it. */
    void begin() {
        done = false;
        problem = Optional.empty();
    }

    @Override
    public SSLSocket upgrade(Socket socket, String target, int port, Object attachment, HttpContext context)
            throws IOException {
        SSLSocket encrypted;
        try {
            encrypted = strategy().upgrade(socket, target, port, attachment, context);
        } catch (IOException e) {
            problem = RefusedCertificateException.problemOf(e);
            throw e;
        }
        done = true;
        records.begin(encrypted);
        SSLSession session = encrypted.getSession();
        if (session.getPeerCertificates()[0] instanceof X509Certificate certificate) {
            listener.accept(new TlsConnection(session.getProtocol(), ServerCertificate.of(certificate)));
        }
        return encrypted;
    }

    private TlsSocketStrategy strategy() throws IOException {
        boolean skipped = settings.skipCertificateCheck();
        return new DefaultClientTlsStrategy(
                TlsContexts.of(settings),
                PROTOCOLS.clone(),
                null,
                SSLBufferMode.STATIC,
                skipped ? HostnameVerificationPolicy.CLIENT : HostnameVerificationPolicy.BOTH,
                skipped ? NoopHostnameVerifier.INSTANCE : HttpsSupport.getDefaultHostnameVerifier());
    }

    /** Notes how much of a request's body went out; called by the thread that sends it. */
    void sent(long bytes) {
        records.sent(bytes);
    }

    /** {@return whether a connection was encrypted} */
    boolean isDone() {
        return done;
    }

    /** {@return why the server's certificate was refused; empty when it was not} */
    Optional<CertificateProblem> problem() {
        return problem;
    }
}
