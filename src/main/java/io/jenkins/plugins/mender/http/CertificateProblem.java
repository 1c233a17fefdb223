package io.jenkins.plugins.mender.http;

import java.io.Serializable;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why a server's certificate was not accepted.
 *
 * @param kind the reason
 * @param certificate the certificate that is the trouble: the server's own, or for an expired one the expired one
 * @param chain the names of all certificates that the server sent, its own first
 */
public record CertificateProblem(Kind kind, ServerCertificate certificate, List<String> chain) implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int MOST_LINKS = 10;
    private static final int LIMIT = 200;

    /** The reasons that can be told apart. */
    public enum Kind {
        /** It leads to no authority that is trusted. */
        UNKNOWN_ISSUER,
        /** It vouches for itself, and is not trusted. */
        SELF_SIGNED,
        /** It, or one that vouches for it, has expired. */
        EXPIRED,
        /** It, or one that vouches for it, is not valid yet. */
        NOT_YET_VALID,
        /** It is for other hosts. */
        OTHER_HOST,
        /** Anything else, such as an algorithm that is too weak. */
        UNACCEPTABLE
    }

    public CertificateProblem {
        Objects.requireNonNull(kind, "a certificate problem of no kind");
        Objects.requireNonNull(certificate, "a certificate problem without a certificate");
        chain = chain.stream()
                .limit(MOST_LINKS)
                .map(link -> PlainText.oneLine(link, LIMIT))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Judges a chain by what the JVM had against it. */
    static CertificateProblem of(X509Certificate[] chain, CertificateException cause) {
        Kind kind = Kind.UNACCEPTABLE;
        X509Certificate certificate = chain[0];
        for (X509Certificate link : chain) {
            Kind untimely = untimely(link);
            if (untimely != null) {
                kind = untimely;
                certificate = link;
            }
        }
        if (kind == Kind.UNACCEPTABLE) {
            kind = kind(certificate, chain.length, cause);
        }
        return new CertificateProblem(
                kind,
                ServerCertificate.of(certificate),
                Stream.of(chain)
                        .limit(MOST_LINKS)
                        .map(link -> ServerCertificate.of(link).subject())
                        .toList());
    }

    private static Kind untimely(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            return null;
        } catch (CertificateExpiredException e) {
            return Kind.EXPIRED;
        } catch (CertificateNotYetValidException e) {
            return Kind.NOT_YET_VALID;
        }
    }

    private static Kind kind(X509Certificate certificate, int links, CertificateException cause) {
        if (cause.getClass() == CertificateException.class && cause.getCause() == null) {
            return Kind.OTHER_HOST; // every other objection of the JVM has a class of its own or a cause
        }
        for (Throwable t = cause; t != null; t = t.getCause()) {
            boolean forged =
                    t instanceof CertPathValidatorException e && e.getReason() == BasicReason.INVALID_SIGNATURE;
            if (t instanceof CertPathBuilderException || forged) {
                return links == 1 && ServerCertificate.of(certificate).isSelfSigned()
                        ? Kind.SELF_SIGNED
                        : Kind.UNKNOWN_ISSUER;
            }
        }
        return Kind.UNACCEPTABLE;
    }
}
