package io.jenkins.plugins.mender.simulator;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * What a server that speaks TLS shows of itself.
 *
 * @param key the server's key
 * @param chain its certificate and those that vouch for it
 * @param protocols the versions it speaks, such as {@code TLSv1.3}
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain, List<String> protocols) {

    /** {@return the same identity that speaks only this version} */
    public TlsIdentity speaking(String protocol) {
        return new TlsIdentity(key, chain, List.of(protocol));
    }

    /** {@return the certificates, the server's own first, as files hold them} */
    public String chainPem() {
        return chain.stream().map(CertificateAuthority::pem).collect(Collectors.joining());
    }

    /** {@return the key as a file holds it} */
    public String keyPem() {
        return CertificateAuthority.pem("PRIVATE KEY", key.getEncoded());
    }

    /** {@return what makes the server's side of connections} */
    public SSLContext context() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, new char[0], chain.toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    void applyTo(SSLParameters parameters) {
        parameters.setProtocols(protocols.toArray(String[]::new));
    }
}
