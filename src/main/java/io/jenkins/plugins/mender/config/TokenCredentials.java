package io.jenkins.plugins.mender.config;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import hudson.Util;
import hudson.security.ACL;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.upload.Credential;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * The credentials that open a Mender Server: Secret text with a token, or Username with password. Those of a configured server
 * are the administrator's: they are looked up in Jenkins' own store, where credentials of scope System are found too.
 */
final class TokenCredentials {
    /** Picks the kinds that can be used. */
    static final CredentialsMatcher USABLE = CredentialsMatchers.anyOf(
            CredentialsMatchers.instanceOf(StringCredentials.class),
            CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class));

    private TokenCredentials() {}

    /** {@return what the credentials hold; empty when they are of a kind that cannot be used} */
    static Optional<Credential> read(StandardCredentials credentials) {
        if (credentials instanceof StringCredentials text) {
            return Optional.of(new Credential.BearerToken(
                    credentials.getId(), text.getSecret().getPlainText()));
        }
        if (credentials instanceof StandardUsernamePasswordCredentials login) {
            return Optional.of(new Credential.Login(
                    credentials.getId(),
                    login.getUsername(),
                    login.getPassword().getPlainText()));
        }
        return Optional.empty();
    }

    /** {@return what the credentials hold} */
    static Credential readOrRefuse(StandardCredentials credentials) throws ConfigurationProblem {
        Optional<Credential> credential = read(credentials);
        if (credential.isEmpty()) {
            throw new ConfigurationProblem(Messages.Credentials_otherKind(
                    credentials.getId(), credentials.getDescriptor().getDisplayName()));
        }
        return credential.get();
    }

    /** {@return the requirements that credentials for a server must meet; none when the text is no URL} */
    static List<DomainRequirement> requirements(String serverUrl) {
        return URIRequirementBuilder.fromUri(Util.fixNull(serverUrl)).build();
    }

    /** Lists what an administrator may choose for a server; {@code kinds} picks the kinds. */
    static ListBoxModel choices(String current, String serverUrl, CredentialsMatcher kinds) {
        return new StandardListBoxModel()
                .includeEmptyValue()
                .includeMatchingAs(
                        ACL.SYSTEM2, Jenkins.get(), StandardCredentials.class, requirements(serverUrl), kinds)
                .includeCurrentValue(current);
    }

    /**
     * Finds the administrator's credentials for a server.
     *
     * @param id the credentials' id
     * @param server where they are to be sent; credentials of a domain that excludes it are not found
     * @return the credentials
     * @throws ConfigurationProblem when there are none
     */
    static StandardCredentials find(String id, MenderServer server) throws ConfigurationProblem {
        Optional<StandardCredentials> found = lookUp(id, requirements(server.toString()));
        if (found.isEmpty()) {
            throw new ConfigurationProblem(
                    lookUp(id, List.of()).isPresent()
                            ? Messages.Credentials_otherDomain(id, server)
                            : Messages.Credentials_none(id));
        }
        return found.get();
    }

    /** {@return the administrator's credentials of an id, whatever their kind} */
    static Optional<StandardCredentials> lookUp(String id, List<DomainRequirement> requirements) {
        return CredentialsProvider.lookupCredentialsInItemGroup(
                        StandardCredentials.class, Jenkins.get(), ACL.SYSTEM2, requirements)
                .stream()
                .filter(credentials -> credentials.getId().equals(id))
                .findFirst();
    }
}
