package io.jenkins.plugins.mender.config;

import hudson.ProxyConfiguration;
import hudson.Util;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;

/** The way from the machine that sends to a Mender Server. */
public enum ProxyRoute {
    /** Through the proxy of {@code Manage Jenkins > System}, unless that excepts the server's host. */
    JENKINS,
    /** Straight to the server. */
    NONE;

    /** {@return what the form calls it} */
    String displayName() {
        return this == JENKINS ? Messages.ProxyRoute_jenkins() : Messages.ProxyRoute_none();
    }

    /** {@return the same settings with Jenkins' proxy, if it has one, as a value: on agents there is none to ask} */
    static ConnectionSettings throughJenkins(ConnectionSettings settings) {
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
