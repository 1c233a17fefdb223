package io.jenkins.plugins.mender.config;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.model.Run;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.upload.Credential;
import java.util.Optional;

/**
 * A server that a job asked for, and all that is configured for it.
 *
 * @param server the server, with its name if it is a configured one
 * @param settings proxy and trust, with the usual timeouts
 * @param defaultCredentialsId the id of the administrator's credentials for it, or null
 */
public record ServerAccess(MenderServer server, ConnectionSettings settings, String defaultCredentialsId) {

    /**
     * Finds the server that a job means: the one it names, the one whose URL it gives, or the default one. A URL that belongs to
     * a configured server stands for that server.
     *
     * @param name the name of a configured server, or null
     * @param url any server's URL, or null
     * @return the server
     * @throws ConfigurationProblem when there is none, or it may not be used
     */
    public static ServerAccess find(String name, String url) throws ConfigurationProblem {
        if (url == null) {
            return MenderConfiguration.get().server(name).connection();
        }
        MenderServer server = choose(name, url);
        Optional<ConfiguredServer> configured = MenderConfiguration.get().serverAt(server);
        if (configured.isPresent()) {
            return configured.get().connection();
        }
        return new ServerAccess(server, JenkinsProxy.applyTo(ConnectionSettings.defaults()), null);
    }

    /** {@return the server of a URL, if a job may give it} */
    static MenderServer choose(String name, String url) throws ConfigurationProblem {
        if (name != null) {
            throw new ConfigurationProblem(Messages.Server_both());
        }
        MenderConfiguration configuration = MenderConfiguration.get();
        MenderServer server = ServerUrl.parse(url);
        if (configuration.isOnlyConfiguredServers()
                && configuration.serverAt(server).isEmpty()) {
            throw new ConfigurationProblem(Messages.Server_forbidden(server, configuration.names()));
        }
        return server;
    }

    /**
     * Fetches the administrator's credentials for this server, and notes in their record of use that a run has them.
     *
     * @param run the run that is to use them
     * @return what they hold
     * @throws ConfigurationProblem when there are none, or they are of a kind that cannot be used
     */
    public Credential defaultCredential(Run<?, ?> run) throws ConfigurationProblem {
        StandardCredentials credentials = defaultCredentials();
        CredentialsProvider.track(run, credentials);
        return TokenCredentials.readOrRefuse(credentials);
    }

    /** The same, for a look at the server that no run asks for. */
    Credential defaultCredential() throws ConfigurationProblem {
        return TokenCredentials.readOrRefuse(defaultCredentials());
    }

    /** {@return whether the administrator gave this server credentials} */
    boolean hasCredentials() {
        return defaultCredentialsId != null;
    }

    private StandardCredentials defaultCredentials() throws ConfigurationProblem {
        if (defaultCredentialsId == null) {
            throw new ConfigurationProblem(Messages.CredentialsId_empty());
        }
        return TokenCredentials.find(defaultCredentialsId, server);
    }
}
