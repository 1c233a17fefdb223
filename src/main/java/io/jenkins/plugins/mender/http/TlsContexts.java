package io.jenkins.plugins.mender.http;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What each way to trust has in common for all its connections: the certificates, which are read once and not for each
 * connection, and the TLS sessions, which spare the next connection to a server most of its handshake. Forgotten after some
 * minutes, so that changes of the JVM's trust store are noticed.
 */
final class TlsContexts {
    private static final long KEEP_NANOS = Duration.ofMinutes(10).toNanos();
    private static final Map<Trust, Kept> KEPT = new HashMap<>();

    /** What is trusted; the JVM reads its trust store where this property says. */
    private record Trust(boolean everything, TrustedCertificates additional, String ofTheJvm) {
        static Trust of(ConnectionSettings settings) {
            return new Trust(
                    settings.skipCertificateCheck(),
                    settings.trustedCertificates(),
                    System.getProperty("javax.net.ssl.trustStore", ""));
        }
    }

    private record Kept(SSLContext context, long since) {
        boolean isOld() {
            return System.nanoTime() - since > KEEP_NANOS;
        }
    }

    private TlsContexts() {}

    /**
     * Makes or finds the context for settings.
     *
     * @param settings what to trust
     * @throws IOException when the JVM cannot read certificates
     */
    static SSLContext of(ConnectionSettings settings) throws IOException {
        synchronized (KEPT) {
            KEPT.values().removeIf(Kept::isOld);
            Kept kept = KEPT.get(Trust.of(settings));
            if (kept == null) {
                kept = new Kept(context(settings), System.nanoTime());
                KEPT.put(Trust.of(settings), kept);
            }
            return kept.context();
        }
    }

    private static SSLContext context(ConnectionSettings settings) throws IOException {
        try {
            X509ExtendedTrustManager trust = settings.skipCertificateCheck()
                    ? new NoCertificateCheck()
                    : new CertificateCheck(settings.trustedCertificates());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return TlsBackpressure.on(context);
        } catch (GeneralSecurityException e) {
            throw new SSLException(e);
        }
    }
}
