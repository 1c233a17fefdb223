package io.jenkins.plugins.mender.http;

import io.jenkins.plugins.mender.http.TrustedCertificates.InvalidCertificatesException;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts what the JVM trusts ({@code javax.net.ssl.trustStore} included) and the certificates of the settings in addition, and
 * tells why a server's certificate is refused ({@link RefusedCertificateException}).
 */
final class CertificateCheck extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager trust;

    CertificateCheck(TrustedCertificates additional) throws GeneralSecurityException, IOException {
        this.trust = trust(additional);
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
        } catch (InvalidCertificatesException e) {
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
        check(chain, () -> trust.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, () -> trust.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, () -> trust.checkServerTrusted(chain, authType));
    }

    private void check(X509Certificate[] chain, Check check) throws CertificateException {
        try {
            check.run();
        } catch (CertificateException e) {
            throw new RefusedCertificateException(CertificateProblem.of(chain, e), e);
        }
    }

    @FunctionalInterface
    private interface Check {
        void run() throws CertificateException;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        trust.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        trust.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        trust.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}
