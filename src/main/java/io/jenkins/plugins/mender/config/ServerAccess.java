package io.jenkins.plugins.mender.config;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.Util;
import hudson.model.Run;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.MenderServer.InvalidServerUrlException;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.upload.Credential;
import java.util.Optional;

/**
 * A server that a job asked for, and all that is configured for it. What is said of servers in a job's form tells names and addresses, so
 * callers check that the user may configure the job.
 *
 * @param server the server, with its name if it is a configured one
 * @param settings proxy and trust, with the usual timeouts
 * @param defaultCredentialsId the id of the administrator's credentials for it, or null
 */
public record ServerAccess(MenderServer server, ConnectionSettings settings, String defaultCredentialsId) {
    private static final int LIMIT = 200;

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
        return new ServerAccess(
                server, MenderConfiguration.get().getProxy().applyTo(ConnectionSettings.defaults()), null);
    }

    /** {@return the server of a URL, if a job may give it} */
    static MenderServer choose(String name, String url) throws ConfigurationProblem {
        if (name != null) {
            throw new ConfigurationProblem(Messages.Server_both());
        }
        MenderConfiguration configuration = MenderConfiguration.get();
        MenderServer server = parse(url);
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
        return ServerCredentials.readOrRefuse(credentials);
    }

    /** The same, for a look at the server that no run asks for. */
    Credential defaultCredential() throws ConfigurationProblem {
        return ServerCredentials.readOrRefuse(defaultCredentials());
    }

    /** {@return whether the administrator gave this server credentials} */
    boolean hasCredentials() {
        return defaultCredentialsId != null;
    }

    private StandardCredentials defaultCredentials() throws ConfigurationProblem {
        if (defaultCredentialsId == null) {
            throw new ConfigurationProblem(Messages.CredentialsId_empty());
        }
        return ServerCredentials.find(defaultCredentialsId, server);
    }

    /** {@return what a form says of a URL that can be a server's} */
    static FormValidation judge(MenderServer server, String text) {
        if (server.isUnencrypted()) {
            return FormValidation.warning(Messages.ServerUrl_unencrypted());
        }
        return server.isWrittenAs(text) ? FormValidation.ok() : FormValidation.ok(Messages.ServerUrl_cut(server));
    }

    /** {@return the server of a URL; the problem's message says what is wrong with it, and what would do} */
    static MenderServer parse(String text) throws ConfigurationProblem {
        String url = MenderServer.withoutUser(text);
        try {
            return MenderServer.parse(url);
        } catch (InvalidServerUrlException e) {
            throw new ConfigurationProblem(message(e, PlainText.oneLine(url, LIMIT)));
        }
    }

    private static String message(InvalidServerUrlException e, String url) {
        return switch (e.problem()) {
            case EMPTY -> Messages.ServerUrl_empty();
            case NOT_A_URL -> Messages.ServerUrl_notUrl(url);
            case SCHEME -> Messages.ServerUrl_scheme(url);
            case EXTRA_PARTS -> Messages.ServerUrl_extraParts();
        };
    }

    /** {@return the servers to choose from, the default one first; the current value stays even if it is none of them} */
    public static ListBoxModel choices(String current) {
        ListBoxModel list = new ListBoxModel();
        list.add(defaultName().map(Messages::ServerChoice_default).orElseGet(Messages::ServerChoice_none), "");
        for (ConfiguredServer server : MenderConfiguration.get().getServers()) {
            list.add(server.getName());
        }
        if (!Util.fixNull(current).isEmpty() && list.stream().noneMatch(option -> option.value.equals(current))) {
            list.add(current);
        }
        return list;
    }

    private static Optional<String> defaultName() {
        try {
            return Optional.of(
                    PlainText.oneLine(MenderConfiguration.get().server(null).getName(), LIMIT));
        } catch (ConfigurationProblem e) {
            return Optional.empty();
        }
    }

    /** {@return the address of a job's choice; empty when it cannot be known} */
    public static String address(String name, String url) {
        if (Util.fixEmptyAndTrim(url) != null) {
            return MenderServer.withoutUser(url.trim());
        }
        try {
            return MenderConfiguration.get().server(Util.fixEmptyAndTrim(name)).getUrl();
        } catch (ConfigurationProblem e) {
            return "";
        }
    }

    /** {@return whether the server of a job's choice brings credentials of its own, so that the job need not} */
    public static boolean bringsCredentials(String name, String url) {
        try {
            return find(Util.fixEmptyAndTrim(name), Util.fixEmptyAndTrim(url)).hasCredentials();
        } catch (ConfigurationProblem e) {
            return false;
        }
    }

    /**
     * Checks a job's choice.
     *
     * @param name the name of a configured server, or blank
     * @param url any server's URL, or blank
     * @return an error when the job would fail for it; text with variables cannot be judged before a build
     */
    public static FormValidation checkChoice(String name, String url) {
        String server = Util.fixEmptyAndTrim(name);
        String address = Util.fixEmptyAndTrim(url);
        if (Util.fixNull(server).contains("$") || Util.fixNull(address).contains("$")) {
            return FormValidation.ok();
        }
        try {
            if (address != null) {
                MenderServer other = choose(server, address);
                return judge(other, address);
            }
            MenderConfiguration.get().server(server);
            return FormValidation.ok();
        } catch (ConfigurationProblem e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
