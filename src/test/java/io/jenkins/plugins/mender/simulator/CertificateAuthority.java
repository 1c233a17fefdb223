package io.jenkins.plugins.mender.simulator;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A private certificate authority, and what goes wrong with those. */
public final class CertificateAuthority {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    private static final Duration YEAR = Duration.ofDays(365);

    private final KeyPair keys = keys();
    private final X500Name name;
    private final List<X509Certificate> chain;

    private CertificateAuthority(String name, CertificateAuthority parent) {
        this.name = new X500Name("CN=" + name);
        CertificateAuthority signer = parent == null ? this : parent;
        X509Certificate own =
                signer.sign(this.name, keys.getPublic(), Instant.now().plus(YEAR), List.of(), true);
        this.chain = new ArrayList<>(List.of(own));
        if (parent != null) {
            chain.addAll(parent.chain);
        }
    }

    /** {@return a root authority of that name} */
    public static CertificateAuthority root(String name) {
        return new CertificateAuthority(name, null);
    }

    /** {@return an authority that this one vouches for} */
    public CertificateAuthority intermediate(String other) {
        return new CertificateAuthority(other, this);
    }

    /** {@return an identity for a server at {@code localhost}} */
    public TlsIdentity server() {
        return serverFor("localhost");
    }

    /** {@return an identity for a server of another name} */
    public TlsIdentity serverFor(String host) {
        return identity(host, Instant.now().plus(YEAR));
    }

    /** {@return an identity that was good until yesterday} */
    public TlsIdentity expiredServer() {
        return identity("localhost", Instant.now().minus(Duration.ofDays(1)));
    }

    /** {@return the root's own certificate as a server's identity: one that vouches for itself} */
    public static TlsIdentity selfSigned() {
        CertificateAuthority own = root("localhost");
        X509Certificate certificate =
                own.sign(own.name, own.keys.getPublic(), Instant.now().plus(YEAR), List.of("localhost"), false);
        return new TlsIdentity(own.keys.getPrivate(), List.of(certificate), PROTOCOLS);
    }

    /** {@return the authority's certificate as an administrator pastes it} */
    public String pem() {
        return pem(chain.get(0));
    }

    /** {@return a certificate as an administrator pastes it} */
    public static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(String kind, byte[] encoded) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }

    private TlsIdentity identity(String host, Instant end) {
        KeyPair server = keys();
        X509Certificate certificate = sign(new X500Name("CN=" + host), server.getPublic(), end, List.of(host), false);
        List<X509Certificate> sent = Stream.concat(
                        Stream.of(certificate), chain.stream().limit(chain.size() - 1))
                .toList();
        return new TlsIdentity(server.getPrivate(), sent, PROTOCOLS);
    }

    private X509Certificate sign(X500Name subject, PublicKey key, Instant end, List<String> hosts, boolean authority) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(128, new java.security.SecureRandom()),
                    Date.from(end.minus(YEAR).minus(YEAR)),
                    Date.from(end),
                    subject,
                    key);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!hosts.isEmpty()) {
                GeneralName[] names = hosts.stream()
                        .map(host -> new GeneralName(GeneralName.dNSName, host))
                        .toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
