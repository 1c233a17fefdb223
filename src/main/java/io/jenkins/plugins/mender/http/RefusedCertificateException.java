package io.jenkins.plugins.mender.http;

import java.security.cert.CertificateException;
import java.util.Optional;

/** A server's certificate that is not accepted, and why. */
final class RefusedCertificateException extends CertificateException {
    private static final long serialVersionUID = 1;

    private final CertificateProblem problem;

    /**
     * Creates the exception.
     *
     * @param problem what is the matter
     * @param objection what the JVM has against the certificate; TLS tells the server by its cause
     */
    RefusedCertificateException(CertificateProblem problem, CertificateException objection) {
        super(objection.getMessage(), objection.getCause());
        this.problem = problem;
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
}
