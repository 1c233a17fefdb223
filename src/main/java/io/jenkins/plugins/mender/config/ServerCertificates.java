package io.jenkins.plugins.mender.config;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.Util;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.http.ServerCertificate;
import io.jenkins.plugins.mender.http.TrustedCertificates;
import io.jenkins.plugins.mender.http.TrustedCertificates.InvalidCertificatesException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** Reads the certificates that a configured server is trusted by: pasted, or kept as Secret file or Secret text. */
final class ServerCertificates {
    /** Kinds of credentials that can hold certificates. */
    static final CredentialsMatcher HOLDERS = CredentialsMatchers.anyOf(
            CredentialsMatchers.instanceOf(FileCredentials.class),
            CredentialsMatchers.instanceOf(StringCredentials.class));

    /** More than any bundle of authorities has. */
    private static final int MOST_BYTES = 1024 * 1024;

    private ServerCertificates() {}

    /**
     * Reads all certificates of a server.
     *
     * @param pem pasted text, or null
     * @param credentialsId credentials that hold more of them, or null
     * @param server the server they are for
     * @return the certificates, none when both are null
     * @throws ConfigurationProblem when they cannot be read
     */
    static TrustedCertificates read(String pem, String credentialsId, MenderServer server) throws ConfigurationProblem {
        String kept = credentialsId == null ? "" : kept(credentialsId, server);
        try {
            if (credentialsId != null && TrustedCertificates.parse(kept).equals(TrustedCertificates.NONE)) {
                throw new ConfigurationProblem(Messages.Certificates_emptyCredentials(credentialsId));
            }
            return TrustedCertificates.parse(Util.fixNull(pem) + '\n' + kept);
        } catch (InvalidCertificatesException e) {
            throw new ConfigurationProblem(explain(e));
        }
    }

    /** {@return whom the certificates are for and until when, a line for each} */
    static List<String> describe(String pem) throws ConfigurationProblem {
        try {
            return TrustedCertificates.parse(pem).describe().stream()
                    .map(ServerCertificates::describe)
                    .toList();
        } catch (InvalidCertificatesException e) {
            throw new ConfigurationProblem(explain(e));
        }
    }

    private static String describe(ServerCertificate certificate) {
        return Messages.Certificates_one(
                certificate.subject(), LocalDate.ofInstant(certificate.notAfter(), ZoneId.systemDefault()));
    }

    private static String explain(InvalidCertificatesException e) {
        return switch (e.problem()) {
            case NO_CERTIFICATE -> Messages.Certificates_noCertificate();
            case PRIVATE_KEY -> Messages.Certificates_privateKey();
            case UNREADABLE -> Messages.Certificates_unreadable(e.position());
        };
    }

    private static String kept(String id, MenderServer server) throws ConfigurationProblem {
        StandardCredentials credentials = ServerCredentials.find(id, server);
        if (credentials instanceof StringCredentials text) {
            return text.getSecret().getPlainText();
        }
        if (credentials instanceof FileCredentials file) {
            try (InputStream in = file.getContent()) {
                return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw new ConfigurationProblem(Messages.Certificates_unreadableCredentials(id));
            }
        }
        throw new ConfigurationProblem(
                Messages.Certificates_otherKind(id, credentials.getDescriptor().getDisplayName()));
    }
}
