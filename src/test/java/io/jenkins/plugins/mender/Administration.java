package io.jenkins.plugins.mender;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.ProxyConfiguration;
import hudson.util.Secret;
import io.jenkins.plugins.mender.config.ConfiguredServer;
import io.jenkins.plugins.mender.config.MenderConfiguration;
import io.jenkins.plugins.mender.simulator.AuthenticatingProxy;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/** What an administrator does under Manage Jenkins before jobs upload. */
public final class Administration {
    private Administration() {}

    /** Makes these the configured servers. */
    public static void configure(ConfiguredServer... servers) {
        MenderConfiguration configuration = MenderConfiguration.get();
        configuration.setServers(List.of(servers));
        configuration.save();
    }

    /** {@return a server with default credentials and trusted certificates, each possibly null} */
    public static ConfiguredServer server(String name, String url, String credentialsId, String certificates) {
        ConfiguredServer server = new ConfiguredServer(name, url);
        server.setCredentialsId(credentialsId);
        server.setCertificates(certificates);
        return server;
    }

    /** Stores a token as Secret text that jobs cannot use. */
    static void storeSystemToken(String id, String token) throws Exception {
        SystemCredentialsProvider provider = SystemCredentialsProvider.getInstance();
        provider.getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.SYSTEM, id, "", Secret.fromString(token)));
        provider.save();
    }

    /** Makes a proxy that of Jenkins. */
    static void use(AuthenticatingProxy proxy, String password, String noProxyHosts) throws Exception {
        Jenkins.get()
                .setProxy(new ProxyConfiguration(
                        proxy.host(), proxy.port(), AuthenticatingProxy.USER, password, noProxyHosts));
    }
}
