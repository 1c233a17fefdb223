package io.jenkins.plugins.mender.config;

import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.MenderServer.InvalidServerUrlException;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** A Mender Server that jobs can choose by name, and how it is reached. */
public final class ConfiguredServer implements Describable<ConfiguredServer> {
    private final String name;
    private final String url;
    private String credentialsId;
    private String certificates;
    private String certificatesCredentialsId;
    private ProxyRoute proxy;
    private boolean skipCertificateCheck;

    /**
     * Creates a server.
     *
     * @param name the name that jobs choose it by
     * @param url its address; a user and a password in it are not kept, since configurations are shown and exported
     */
    @DataBoundConstructor
    public ConfiguredServer(String name, String url) {
        this.name = Util.fixNull(name).trim();
        this.url = MenderServer.withoutUser(Util.fixNull(url).trim());
    }

    /** {@return the name that jobs choose it by, possibly empty} */
    public String getName() {
        return name;
    }

    /** {@return its address, possibly empty} */
    public String getUrl() {
        return url;
    }

    /** {@return the id of the credentials for jobs that have none of their own, or null} */
    public String getCredentialsId() {
        return credentialsId;
    }

    /** Sets the id of the credentials for jobs that have none of their own. */
    @DataBoundSetter
    public void setCredentialsId(String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** {@return certificates in PEM that are trusted for this server in addition to those of Java, or null} */
    public String getCertificates() {
        return certificates;
    }

    /** Sets certificates in PEM that are trusted for this server in addition to those of Java. */
    @DataBoundSetter
    public void setCertificates(String certificates) {
        this.certificates = Util.fixEmptyAndTrim(certificates);
    }

    /** {@return the id of a Secret file or Secret text that holds such certificates, or null} */
    public String getCertificatesCredentialsId() {
        return certificatesCredentialsId;
    }

    /** Sets the id of a Secret file or Secret text that holds such certificates. */
    @DataBoundSetter
    public void setCertificatesCredentialsId(String certificatesCredentialsId) {
        this.certificatesCredentialsId = Util.fixEmptyAndTrim(certificatesCredentialsId);
    }

    /** {@return the way to the server, never null} */
    public ProxyRoute getProxy() {
        return proxy == null ? ProxyRoute.JENKINS : proxy;
    }

    /** Sets the way to the server. */
    @DataBoundSetter
    public void setProxy(ProxyRoute proxy) {
        this.proxy = proxy;
    }

    /** {@return whether every certificate is accepted, of whoever it may be} */
    public boolean isSkipCertificateCheck() {
        return skipCertificateCheck;
    }

    /** Sets whether every certificate is accepted, of whoever it may be. */
    @DataBoundSetter
    public void setSkipCertificateCheck(boolean skipCertificateCheck) {
        this.skipCertificateCheck = skipCertificateCheck;
    }

    /** {@return the server as it is to be reached} */
    ServerAccess connection() throws ConfigurationProblem {
        MenderServer server = ServerUrl.parse(url).named(name);
        ConnectionSettings settings = ConnectionSettings.defaults()
                .trusting(ServerCertificates.read(certificates, certificatesCredentialsId, server));
        if (getProxy() == ProxyRoute.JENKINS) {
            settings = JenkinsProxy.applyTo(settings);
        }
        if (skipCertificateCheck) {
            settings = settings.withoutCertificateCheck();
        }
        return new ServerAccess(server, settings, credentialsId);
    }

    /** {@return whether an address leads to this server} */
    boolean isAt(MenderServer address) {
        try {
            return MenderServer.parse(url).isSameAs(address);
        } catch (InvalidServerUrlException e) {
            return false;
        }
    }

    /** Describes the part of the form that belongs to one server. */
    @Extension
    public static final class DescriptorImpl extends ConfiguredServerForm {}
}
