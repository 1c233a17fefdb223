package io.jenkins.plugins.mender.config;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.upload.Credential;
import java.util.List;
import org.springframework.security.core.Authentication;

/** The credentials that a job chooses, which outrank those of the server. They are looked up in the job's own context. */
public final class JobCredentials {
    private JobCredentials() {}

    /**
     * Finds credentials, and notes in their record of use that a run has them.
     *
     * @param id the credentials' id
     * @param run the run that is to use them
     * @param server where they are to be sent; credentials of a domain that excludes it are not found
     * @return what they hold
     * @throws ConfigurationProblem when there are none for this run and server, or they are of another kind
     */
    public static Credential find(String id, Run<?, ?> run, MenderServer server) throws ConfigurationProblem {
        StandardCredentials credentials = find(id, run, TokenCredentials.requirements(server.toString()));
        if (credentials == null) {
            throw new ConfigurationProblem(
                    find(id, run, List.of()) != null
                            ? Messages.Credentials_otherDomain(id, server)
                            : Messages.Credentials_noneForJob(id));
        }
        CredentialsProvider.track(run, credentials);
        return TokenCredentials.readOrRefuse(credentials);
    }

    private static StandardCredentials find(String id, Run<?, ?> run, List<DomainRequirement> requirements) {
        return CredentialsProvider.findCredentialById(id, StandardCredentials.class, run, requirements);
    }

    /**
     * Lists the credentials that may be chosen. Callers check that the user may see them.
     *
     * @param item the job that is being configured, or null
     * @param current the current value
     * @param serverUrl the server that the credentials are for, possibly blank
     */
    public static ListBoxModel choices(Item item, String current, String serverUrl) {
        return new StandardListBoxModel()
                .includeEmptyValue()
                .includeMatchingAs(
                        user(item),
                        item,
                        StandardCredentials.class,
                        TokenCredentials.requirements(serverUrl),
                        TokenCredentials.USABLE)
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
        CredentialsMatcher withId = CredentialsMatchers.withId(id);
        CredentialsMatcher usable = CredentialsMatchers.allOf(withId, TokenCredentials.USABLE);
        if (exists(item, usable, TokenCredentials.requirements(serverUrl))) {
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
