package io.jenkins.plugins.mender.config;

import hudson.ProxyConfiguration;
import hudson.Util;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;

/** The way from the machine that sends to a Mender Server. */
public enum ProxyRoute {
    /** Through the proxy of {@code Manage Jenkins > System}, unless that excepts the server's host. */
    JENKINS,
    /** Straight to the server. */
    NONE,
    /** Through the proxy that the sending machine is told of, by its environment ({@code https_proxy}) or its JVM. */
    AGENT;

    /** {@return the routes, for a form} */
    static ListBoxModel choices() {
        return new ListBoxModel(
                new ListBoxModel.Option(Messages.ProxyRoute_jenkins(), JENKINS.name()),
                new ListBoxModel.Option(Messages.ProxyRoute_agent(), AGENT.name()),
                new ListBoxModel.Option(Messages.ProxyRoute_none(), NONE.name()));
    }

    /** {@return the same settings with the proxy of this route, if there is one} */
    ConnectionSettings applyTo(ConnectionSettings settings) {
        return switch (this) {
            case JENKINS -> throughJenkins(settings);
            case AGENT -> settings.withProxy(ProxySettings.OF_THE_MACHINE);
            case NONE -> settings;
        };
    }

    /** Jenkins' proxy as a value: on agents there is none to ask. */
    private static ConnectionSettings throughJenkins(ConnectionSettings settings) {
        ProxyConfiguration proxy = Jenkins.get().getProxy();
        if (proxy == null || Util.fixEmptyAndTrim(proxy.getName()) == null) {
            return settings;
        }
        return settings.withProxy(new ProxySettings(
                proxy.getName().strip(),
                proxy.getPort(),
                Util.fixEmptyAndTrim(proxy.getUserName()),
                proxy.getSecretPassword() == null
                        ? null
                        : proxy.getSecretPassword().getPlainText(),
                proxy.getNoProxyHostPatterns().stream().map(Pattern::pattern).toList()));
    }
}
