package io.jenkins.plugins.mender.config;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.ComboBoxModel;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.MenderServer.InvalidServerUrlException;
import io.jenkins.plugins.mender.api.PersonalAccessToken;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.upload.ConnectionCheck;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A Mender Server that jobs can choose by name, and how it is reached. */
public final class ConfiguredServer implements Describable<ConfiguredServer> {
    private static final int DEFAULT_DAYS_BEFORE = 30;

    private final String name;
    private final String url;
    private String credentialsId;
    private String certificates;
    private String certificatesCredentialsId;
    private ProxyRoute proxy;
    private boolean skipCertificateCheck;
    private boolean renewTokens;
    private int renewTokensDaysBeforeExpiry;
    private int tokenLifetimeDays;

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
        this.credentialsId = ServerCredentials.withoutToken(Util.fixEmptyAndTrim(credentialsId));
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
        this.certificatesCredentialsId =
                ServerCredentials.withoutToken(Util.fixEmptyAndTrim(certificatesCredentialsId));
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

    /** {@return whether the server's tokens are renewed by themselves before they expire} */
    public boolean isRenewTokens() {
        return renewTokens;
    }

    /** Sets whether the server's tokens are renewed by themselves before they expire. */
    @DataBoundSetter
    public void setRenewTokens(boolean renewTokens) {
        this.renewTokens = renewTokens;
    }

    /** {@return how long before a token expires it is renewed, in days} */
    public int getRenewTokensDaysBeforeExpiry() {
        return renewTokensDaysBeforeExpiry == 0 ? DEFAULT_DAYS_BEFORE : renewTokensDaysBeforeExpiry;
    }

    /** Sets how long before a token expires it is renewed, in days; 0 for the default. */
    @DataBoundSetter
    public void setRenewTokensDaysBeforeExpiry(int renewTokensDaysBeforeExpiry) {
        this.renewTokensDaysBeforeExpiry = renewTokensDaysBeforeExpiry;
    }

    /** {@return how long a token lives that replaces another, in days} */
    public int getTokenLifetimeDays() {
        return tokenLifetimeDays == 0 ? PersonalAccessToken.MOST_DAYS : tokenLifetimeDays;
    }

    /** Sets how long a token lives that replaces another, in days; 0 for the default. */
    @DataBoundSetter
    public void setTokenLifetimeDays(int tokenLifetimeDays) {
        this.tokenLifetimeDays = tokenLifetimeDays;
    }

    /** {@return how long before a token expires it is renewed: never more than half of its life, or there would be no end of it} */
    Duration renewalBeforeExpiry() {
        long most = Duration.ofDays(lifetime()).dividedBy(2).toDays();
        return Duration.ofDays(Math.min(Math.max(getRenewTokensDaysBeforeExpiry(), 1), Math.max(most, 1)));
    }

    /** {@return how long a token lives that replaces another, in days that servers take} */
    int lifetime() {
        return Math.min(Math.max(getTokenLifetimeDays(), 2), PersonalAccessToken.MOST_DAYS);
    }

    /** {@return the server as it is to be reached} */
    ServerAccess connection() throws ConfigurationProblem {
        MenderServer server = ServerAccess.parse(url).named(name);
        ConnectionSettings settings = ConnectionSettings.defaults()
                .trusting(ServerCertificates.read(certificates, certificatesCredentialsId, server));
        settings = getProxy().applyTo(settings);
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

    /** Fills and checks the form of a server, and tries the server out. All of it is for administrators alone. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<ConfiguredServer> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.ConfiguredServer_displayName();
        }

        /** Checks that there is a name. */
        @POST
        public FormValidation doCheckName(@QueryParameter String value, @QueryParameter String url) {
            checkAdministrator();
            return Util.fixEmptyAndTrim(value) == null && Util.fixEmptyAndTrim(url) != null
                    ? FormValidation.error(Messages.Server_nameless())
                    : FormValidation.ok();
        }

        /** {@return the addresses of hosted Mender; any other can be typed} */
        @POST
        public ComboBoxModel doFillUrlItems() {
            checkAdministrator();
            return new ComboBoxModel(MenderServer.HOSTED);
        }

        /** Checks that an address can be that of a Mender Server. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter String name) {
            checkAdministrator();
            if (Util.fixEmptyAndTrim(value) == null && Util.fixEmptyAndTrim(name) == null) {
                return FormValidation.ok(); // a server that was just added
            }
            try {
                return ServerAccess.judge(ServerAccess.parse(value), value);
            } catch (ConfigurationProblem e) {
                return FormValidation.error(e.getMessage());
            }
        }

        /** {@return credentials that can open the server} */
        @POST
        public ListBoxModel doFillCredentialsIdItems(@QueryParameter String credentialsId, @QueryParameter String url) {
            return choices(credentialsId, url, ServerCredentials.USABLE);
        }

        /** Checks that credentials are there and may be sent to the server. */
        @POST
        public FormValidation doCheckCredentialsId(@QueryParameter String value, @QueryParameter String url) {
            return checkCredentials(value, url);
        }

        /** {@return credentials that can hold certificates} */
        @POST
        public ListBoxModel doFillCertificatesCredentialsIdItems(
                @QueryParameter String certificatesCredentialsId, @QueryParameter String url) {
            return choices(certificatesCredentialsId, url, ServerCertificates.HOLDERS);
        }

        /** Checks that credentials are there and belong to the server. */
        @POST
        public FormValidation doCheckCertificatesCredentialsId(
                @QueryParameter String value, @QueryParameter String url) {
            return checkCredentials(value, url);
        }

        /** Checks pasted certificates, and says whose they are. */
        @POST
        public FormValidation doCheckCertificates(@QueryParameter String value) {
            checkAdministrator();
            try {
                List<String> lines = ServerCertificates.describe(value);
                return lines.isEmpty() ? FormValidation.ok() : FormValidation.okWithMarkup(markup(lines));
            } catch (ConfigurationProblem e) {
                return FormValidation.error(e.getMessage());
            }
        }

        /** {@return the ways to a server} */
        @POST
        public ListBoxModel doFillProxyItems() {
            checkAdministrator();
            return ProxyRoute.choices();
        }

        /** Warns of what it means to accept every certificate. */
        @POST
        public FormValidation doCheckSkipCertificateCheck(@QueryParameter boolean value) {
            checkAdministrator();
            return value ? FormValidation.warning(Messages.ConfiguredServer_unchecked()) : FormValidation.ok();
        }

        /** Checks how long before its end a token is renewed. */
        @POST
        public FormValidation doCheckRenewTokensDaysBeforeExpiry(
                @QueryParameter String value, @QueryParameter String tokenLifetimeDays) {
            checkAdministrator();
            int life = days(tokenLifetimeDays);
            return isBetween(1, days(value), (life < 0 ? PersonalAccessToken.MOST_DAYS : life) / 2)
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.ConfiguredServer_daysBefore());
        }

        /** Checks how long a new token lives. */
        @POST
        public FormValidation doCheckTokenLifetimeDays(@QueryParameter String value) {
            checkAdministrator();
            return isBetween(2, days(value), PersonalAccessToken.MOST_DAYS)
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.ConfiguredServer_lifetime(PersonalAccessToken.MOST_DAYS));
        }

        private static int days(String value) {
            return Util.fixNull(value).strip().matches("\\d{1,4}") ? Integer.parseInt(value.strip()) : -1;
        }

        private static boolean isBetween(int least, int value, int most) {
            return least <= value && value <= most;
        }

        /** Reaches the server from this machine by the configured way, and says what its token may do. */
        @POST
        public FormValidation doTestConnection(
                @QueryParameter String name,
                @QueryParameter String url,
                @QueryParameter String credentialsId,
                @QueryParameter String certificates,
                @QueryParameter String certificatesCredentialsId,
                @QueryParameter ProxyRoute proxy,
                @QueryParameter boolean skipCertificateCheck)
                throws InterruptedException {
            checkAdministrator();
            ConfiguredServer server = new ConfiguredServer(name, url);
            server.setCredentialsId(credentialsId);
            server.setCertificates(certificates);
            server.setCertificatesCredentialsId(certificatesCredentialsId);
            server.setProxy(proxy);
            server.setSkipCertificateCheck(skipCertificateCheck);
            try {
                ServerAccess connection = server.connection();
                ConnectionCheck.Report report =
                        ConnectionCheck.run(connection.server(), connection.settings(), connection.defaultCredential());
                String markup = markup(report.lines());
                return switch (report.verdict()) {
                    case GOOD -> FormValidation.okWithMarkup(markup);
                    case DOUBTFUL -> FormValidation.warningWithMarkup(markup);
                    case BAD -> FormValidation.errorWithMarkup(markup);
                };
            } catch (ConfigurationProblem e) {
                return FormValidation.error(e.getMessage());
            }
        }

        private static ListBoxModel choices(String current, String url, CredentialsMatcher kinds) {
            checkAdministrator();
            return ServerCredentials.choices(current, url, kinds);
        }

        private static FormValidation checkCredentials(String value, String url) {
            checkAdministrator();
            String id = Util.fixEmptyAndTrim(value);
            if (id == null) {
                return FormValidation.ok();
            }
            try {
                ServerCredentials.find(id, ServerAccess.parse(url));
                return FormValidation.ok();
            } catch (ConfigurationProblem e) {
                return FormValidation.error(e.getMessage());
            }
        }

        private static String markup(List<String> lines) {
            return lines.stream().map(Util::escape).collect(Collectors.joining("<br>"));
        }

        private static void checkAdministrator() {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        }
    }
}
