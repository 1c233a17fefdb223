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
import hudson.model.Item;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.upload.Credential;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.springframework.security.core.Authentication;

/**
 * The credentials that open a Mender Server: Secret text with a token, or Username with password. Those of a configured server
 * are the administrator's: they are looked up in Jenkins' own store, where credentials of scope System are found too. Those that a job
 * chooses outrank them, and are looked up in the job's own context.
 */
public final class ServerCredentials {
    /** Picks the kinds that can be used. */
    static final CredentialsMatcher USABLE = CredentialsMatchers.anyOf(
            CredentialsMatchers.instanceOf(StringCredentials.class),
            CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class));

    /** What is kept in place of a token that was given as the id of credentials. */
    public static final String TOKEN = "****";

    private ServerCredentials() {}

    /** {@return the id of credentials, or {@link #TOKEN} when it is a token: people mix up the two} */
    public static String withoutToken(String id) {
        return id != null && Token.isIn(id) ? TOKEN : id;
    }

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
        refuseToken(id);
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

    /**
     * Finds credentials, and notes in their record of use that a run has them.
     *
     * @param id the credentials' id, or the expression of a parameter that chooses some, such as <code>${CREDENTIALS}</code>
     * @param run the run that is to use them
     * @param server where they are to be sent; credentials of a domain that excludes it are not found
     * @return what they hold
     * @throws ConfigurationProblem when there are none for this run and server, or they are of another kind
     */
    public static Credential ofJob(String id, Run<?, ?> run, MenderServer server) throws ConfigurationProblem {
        refuseToken(id);
        StandardCredentials credentials = lookUp(id, run, requirements(server.toString()));
        if (credentials == null) {
            throw new ConfigurationProblem(
                    lookUp(id, run, List.of()) != null
                            ? Messages.Credentials_otherDomain(id, server)
                            : Messages.Credentials_noneForJob(id));
        }
        CredentialsProvider.track(run, credentials);
        return readOrRefuse(credentials);
    }

    private static void refuseToken(String id) throws ConfigurationProblem {
        if (TOKEN.equals(withoutToken(id))) {
            throw new ConfigurationProblem(Messages.CredentialsId_token());
        }
    }

    private static StandardCredentials lookUp(String id, Run<?, ?> run, List<DomainRequirement> requirements) {
        return CredentialsProvider.findCredentialById(id, StandardCredentials.class, run, requirements);
    }

    /**
     * Lists the credentials that may be chosen. Callers check that the user may see them.
     *
     * @param item the job that is being configured, or null
     * @param current the current value
     * @param serverUrl the server that the credentials are for, possibly blank
     */
    public static ListBoxModel choicesOfJob(Item item, String current, String serverUrl) {
        return new StandardListBoxModel()
                .includeEmptyValue()
                .includeMatchingAs(user(item), item, StandardCredentials.class, requirements(serverUrl), USABLE)
                .includeCurrentValue(current);
    }

    /**
     * Checks that credentials exist for the job and the server, and are of a kind that will do. Their secret stays unread.
     * Callers check that the user may see them.
     *
     * @param item the job that is being configured, or null
     * @param value the credentials' id, or blank
     * @param serverUrl the server that they are for, possibly blank; it is printed
     */
    public static FormValidation check(Item item, String value, String serverUrl) {
        String id = Util.fixEmptyAndTrim(value);
        if (id == null) {
            return FormValidation.error(Messages.CredentialsId_empty());
        }
        if (TOKEN.equals(withoutToken(id))) {
            return FormValidation.error(Messages.CredentialsId_token());
        }
        CredentialsMatcher withId = CredentialsMatchers.withId(id);
        CredentialsMatcher usable = CredentialsMatchers.allOf(withId, USABLE);
        if (exists(item, usable, requirements(serverUrl))) {
            return FormValidation.ok();
        }
        if (exists(item, usable, List.of())) {
            return FormValidation.error(Messages.Credentials_otherDomain(id, serverUrl));
        }
        return FormValidation.error(
                exists(item, withId, List.of())
                        ? Messages.Credentials_unusable(id)
                        : Messages.Credentials_noneForJob(id));
    }

    private static boolean exists(Item item, CredentialsMatcher matcher, List<DomainRequirement> requirements) {
        return !CredentialsProvider.listCredentialsInItem(
                        StandardCredentials.class, item, user(item), requirements, matcher)
                .isEmpty();
    }

    /** The user that builds of the job run as. */
    private static Authentication user(Item item) {
        return item instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
    }
}
