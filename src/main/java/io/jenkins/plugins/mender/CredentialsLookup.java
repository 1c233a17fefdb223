package io.jenkins.plugins.mender;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.config.TokenCredentials;
import io.jenkins.plugins.mender.upload.Credential;
import java.util.List;

/** Finds the credentials of an upload in the context of its run, and says so in the credentials' record of use. */
final class CredentialsLookup {
    private CredentialsLookup() {}

    /**
     * Finds credentials of either kind: Secret text, or Username with password.
     *
     * @param id the credentials' id
     * @param run the run that is to use them
     * @param server where they are to be sent; credentials of a domain that excludes it are not found
     * @return what they hold
     * @throws AbortException when there are none for this run and server, or they are of another kind
     */
    static Credential find(String id, Run<?, ?> run, MenderServer server) throws AbortException {
        StandardCredentials credentials = CredentialsProvider.findCredentialById(
                id,
                StandardCredentials.class,
                run,
                URIRequirementBuilder.fromUri(server.url().toString()).build());
        if (credentials == null) {
            boolean elsewhere =
                    CredentialsProvider.findCredentialById(id, StandardCredentials.class, run, List.of()) != null;
            throw refusal(elsewhere ? Messages.Credentials_otherDomain(id, server) : Messages.Credentials_none(id));
        }
        CredentialsProvider.track(run, credentials);
        return TokenCredentials.read(credentials)
                .orElseThrow(() -> refusal(Messages.Credentials_otherKind(
                        id, credentials.getDescriptor().getDisplayName())));
    }

    private static AbortException refusal(String why) {
        return new AbortException(why + ' ' + Messages.Upload_nothing());
    }
}
