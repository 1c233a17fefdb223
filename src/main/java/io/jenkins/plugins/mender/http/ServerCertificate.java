package io.jenkins.plugins.mender.http;

import java.io.Serializable;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a certificate says of itself. The names come from whoever made it: they are on one line and not too long.
 *
 * @param subject whom it was issued to, such as {@code CN=mender.example.com}
 * @param issuer who issued it; the same as the subject when it is signed by itself
 * @param notBefore when it begins to be valid
 * @param notAfter when it ends to be valid
 * @param names the host names and addresses that it is for, possibly none
 */
public record ServerCertificate(String subject, String issuer, Instant notBefore, Instant notAfter, List<String> names)
        implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int LIMIT = 200;
    private static final int MOST_NAMES = 20;
    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    public ServerCertificate {
        subject = PlainText.oneLine(subject, LIMIT);
        issuer = PlainText.oneLine(issuer, LIMIT);
        Objects.requireNonNull(notBefore, "a certificate without a begin");
        Objects.requireNonNull(notAfter, "a certificate without an end");
        names = names.stream()
                .limit(MOST_NAMES)
                .map(name -> PlainText.oneLine(name, LIMIT))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    static ServerCertificate of(X509Certificate certificate) {
        return new ServerCertificate(
                certificate.getSubjectX500Principal().getName(),
                certificate.getIssuerX500Principal().getName(),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                names(certificate));
    }

    /** {@return whether the certificate vouches for itself} */
    public boolean isSelfSigned() {
        return subject.equals(issuer);
    }

    private static List<String> names(X509Certificate certificate) {
        Collection<List<?>> alternatives;
        try {
            alternatives = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return alternatives == null
                ? List.of()
                : alternatives.stream()
                        .filter(entry ->
                                entry.get(0).equals(DNS) || entry.get(0).equals(ADDRESS))
                        .map(entry -> String.valueOf(entry.get(1)))
                        .toList();
    }
}
