package io.jenkins.plugins.mender.config;

import hudson.Util;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.http.PlainText;
import java.util.Optional;

/** What a job's form says of servers. It tells names and addresses, so callers check that the user may configure the job. */
public final class ServerChoice {
    private static final int NAME_LIMIT = 200;

    private ServerChoice() {}

    /** {@return the servers to choose from, the default one first; the current value stays even if it is none of them} */
    public static ListBoxModel names(String current) {
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
                    PlainText.oneLine(MenderConfiguration.get().server(null).getName(), NAME_LIMIT));
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
    public static boolean hasCredentials(String name, String url) {
        try {
            return ServerAccess.find(Util.fixEmptyAndTrim(name), Util.fixEmptyAndTrim(url))
                    .hasCredentials();
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
    public static FormValidation check(String name, String url) {
        String server = Util.fixEmptyAndTrim(name);
        String address = Util.fixEmptyAndTrim(url);
        if (Util.fixNull(server).contains("$") || Util.fixNull(address).contains("$")) {
            return FormValidation.ok();
        }
        try {
            if (address != null) {
                MenderServer other = ServerAccess.choose(server, address);
                return other.isUnencrypted()
                        ? FormValidation.warning(Messages.ServerUrl_unencrypted())
                        : FormValidation.ok();
            }
            MenderConfiguration.get().server(server);
            return FormValidation.ok();
        } catch (ConfigurationProblem e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
