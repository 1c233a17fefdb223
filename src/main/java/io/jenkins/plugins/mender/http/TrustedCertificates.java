package io.jenkins.plugins.mender.http;

import io.jenkins.plugins.mender.http.TrustedCertificates.InvalidCertificatesException.Problem;
import java.io.ByteArrayInputStream;
import java.io.Serializable;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates that are trusted in addition to those of the JVM: of private certificate authorities, or of a server itself.
 * A value that can travel to the machine that makes the exchange.
 *
 * @param pem PEM blocks, one or several, possibly with other text between; blank for none
 */
public record TrustedCertificates(String pem) implements Serializable {
    private static final long serialVersionUID = 1;

    /** Nothing in addition. */
    public static final TrustedCertificates NONE = new TrustedCertificates("");

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----([^-]*)(?:-----END \\1-----)?");
    private static final Pattern PRIVATE_KEY = Pattern.compile("-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----");

    /**
     * Reads certificates as an administrator pastes them.
     *
     * @param pem the text, or null; blank for none
     * @return the certificates
     * @throws InvalidCertificatesException when there is text but no certificate, a private key, or a damaged certificate
     */
    public static TrustedCertificates parse(String pem) throws InvalidCertificatesException {
        if (pem == null || pem.isBlank()) {
            return NONE;
        }
        if (PRIVATE_KEY.matcher(pem).find()) {
            throw new InvalidCertificatesException(Problem.PRIVATE_KEY, 0);
        }
        if (read(pem).isEmpty()) {
            throw new InvalidCertificatesException(Problem.NO_CERTIFICATE, 0);
        }
        return new TrustedCertificates(pem.strip());
    }

    /** {@return what is known of each certificate, in the order of the text} */
    public List<ServerCertificate> describe() throws InvalidCertificatesException {
        return certificates().stream().map(ServerCertificate::of).toList();
    }

    /** {@return the certificates in the order of the text} */
    List<X509Certificate> certificates() throws InvalidCertificatesException {
        return read(pem);
    }

    private static List<X509Certificate> read(String pem) throws InvalidCertificatesException {
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher block = BLOCK.matcher(pem);
        while (block.find()) {
            try {
                byte[] der = Base64.getMimeDecoder().decode(block.group(2));
                certificates.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
            } catch (CertificateException | IllegalArgumentException e) {
                throw new InvalidCertificatesException(Problem.UNREADABLE, certificates.size() + 1);
            }
        }
        return certificates;
    }

    /** A text that cannot be used as trusted certificates. */
    public static final class InvalidCertificatesException extends Exception {
        private static final long serialVersionUID = 1;

        /** What is wrong with it. */
        public enum Problem {
            /** No PEM block of a certificate in it. */
            NO_CERTIFICATE,
            /** A private key, which has no place among what is trusted. */
            PRIVATE_KEY,
            /** A certificate that cannot be read: cut short, or changed. */
            UNREADABLE
        }

        private final Problem problem;
        private final int position;

        InvalidCertificatesException(Problem problem, int position) {
            super(problem + " at " + position);
            this.problem = problem;
            this.position = position;
        }

        /** {@return what is wrong} */
        public Problem problem() {
            return problem;
        }

        /** {@return which certificate is meant, counted from 1; 0 when none is} */
        public int position() {
            return position;
        }
    }
}
