package io.jenkins.plugins.mender.config;

import hudson.ProxyConfiguration;
import hudson.Util;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;

/** The controller's proxy as a value: on agents there is none to ask. */
final class JenkinsProxy {
    private JenkinsProxy() {}

    /** {@return the same settings, with Jenkins' proxy if it has one} */
    static ConnectionSettings applyTo(ConnectionSettings settings) {
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
