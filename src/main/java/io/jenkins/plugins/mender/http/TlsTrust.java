package io.jenkins.plugins.mender.http;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts what the JVM trusts ({@code javax.net.ssl.trustStore} included) and the certificates of the settings in addition, and
 * tells why a server's certificate is refused. Or accepts every certificate, because an administrator wants it so for a server.
 */
final class TlsTrust extends X509ExtendedTrustManager {
    private static final long KEEP_NANOS = Duration.ofMinutes(10).toNanos();
    private static final Map<Key, Kept> KEPT = new HashMap<>();

    private final Optional<X509ExtendedTrustManager> trust;

    /** What is trusted; the JVM reads its trust store where this property says. */
    private record Key(boolean everything, TrustedCertificates additional, String ofTheJvm) {}

    private record Kept(SSLContext context, long since) {
        boolean isOld() {
            return System.nanoTime() - since > KEEP_NANOS;
        }
    }

    /**
     * Makes or finds what each way to trust has in common for all its connections: the certificates, which are read once and not
     * for each connection, and the TLS sessions, which spare the next connection to a server most of its handshake. Forgotten
     * after some minutes, so that changes of the JVM's trust store are noticed.
     *
     * @param settings what to trust
     * @throws IOException when the JVM cannot read certificates
     */
    static SSLContext context(ConnectionSettings settings) throws IOException {
        Key key = new Key(
                settings.skipCertificateCheck(),
                settings.trustedCertificates(),
                System.getProperty("javax.net.ssl.trustStore", ""));
        synchronized (KEPT) {
            KEPT.values().removeIf(Kept::isOld);
            Kept kept = KEPT.get(key);
            if (kept == null) {
                kept = new Kept(newContext(settings), System.nanoTime());
                KEPT.put(key, kept);
            }
            return kept.context();
        }
    }

    private static SSLContext newContext(ConnectionSettings settings) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TlsTrust(settings)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new SSLException(e);
        }
    }

    private TlsTrust(ConnectionSettings settings) throws GeneralSecurityException, IOException {
        this.trust = settings.skipCertificateCheck()
                ? Optional.empty() // and reads no trust store
                : Optional.of(trust(settings.trustedCertificates()));
    }

    private static X509ExtendedTrustManager trust(TrustedCertificates additional)
            throws GeneralSecurityException, IOException {
        X509ExtendedTrustManager ofTheJvm = trustIn(null);
        if (additional.equals(TrustedCertificates.NONE)) {
            return ofTheJvm;
        }
        KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
        all.load(null, null);
        int number = 0;
        for (X509Certificate certificate : ofTheJvm.getAcceptedIssuers()) {
            all.setCertificateEntry("jvm-" + ++number, certificate);
        }
        try {
            for (X509Certificate certificate : additional.certificates()) {
                all.setCertificateEntry("additional-" + ++number, certificate);
            }
        } catch (TrustedCertificates.InvalidCertificatesException e) {
            throw new CertificateException(e);
        }
        return trustIn(all);
    }

    /** The trust in a key store, or, when it is null, that of the JVM. */
    private static X509ExtendedTrustManager trustIn(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager certificates) {
                return certificates;
            }
        }
        throw new GeneralSecurityException("this JVM cannot check certificates");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, jvm -> jvm.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, jvm -> jvm.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, jvm -> jvm.checkServerTrusted(chain, authType));
    }

    @FunctionalInterface
    private interface Check {
        void by(X509ExtendedTrustManager jvm) throws CertificateException;
    }

    private void check(X509Certificate[] chain, Check check) throws CertificateException {
        if (trust.isPresent()) {
            try {
                check.by(trust.get());
            } catch (CertificateException e) {
                throw new RefusedCertificateException(CertificateProblem.of(chain, e), e);
            }
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
        throw new UnsupportedOperationException("for clients alone");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        throw new UnsupportedOperationException("for clients alone");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
        throw new UnsupportedOperationException("for clients alone");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.map(X509ExtendedTrustManager::getAcceptedIssuers).orElseGet(() -> new X509Certificate[0]);
    }

    /** {@return the problem that a failure comes from; empty when it is not a certificate's} */
    static Optional<CertificateProblem> problemOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedCertificateException refused) {
                return Optional.of(refused.problem);
            }
        }
        return Optional.empty();
    }

    /** A server's certificate that is not accepted, and why. */
    private static final class RefusedCertificateException extends CertificateException {
        private static final long serialVersionUID = 1;

        private final CertificateProblem problem;

        /**
         * Creates the exception.
         *
         * @param problem what is the matter
         * @param objection what the JVM has against the certificate; TLS tells the server by its cause
         */
        private RefusedCertificateException(CertificateProblem problem, CertificateException objection) {
            super(objection.getMessage(), objection.getCause());
            this.problem = problem;
        }
    }
}
