package io.jenkins.plugins.mender.http;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a connection to a Mender Server is made and how long it may keep silent.
 *
 * @param connectTimeout the longest wait for a TCP connection
 * @param stallTimeout the longest time without a byte moving before a request is out, and for answers to small requests
 * @param answerTimeout the longest wait for the answer after the last byte of a file
 * @param proxy the HTTP proxy, or null for a direct connection
 * @param skipCertificateCheck true to accept every certificate and host name
 * @param trustedCertificates certificates that are trusted in addition to those of the JVM, never null
 */
public record ConnectionSettings(
        Duration connectTimeout,
        Duration stallTimeout,
        Duration answerTimeout,
        ProxySettings proxy,
        boolean skipCertificateCheck,
        TrustedCertificates trustedCertificates)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** {@return 15 seconds to connect, 60 without a byte, 15 minutes for the answer; direct, certificates checked} */
    public static ConnectionSettings defaults() {
        return new ConnectionSettings(
                Duration.ofSeconds(15),
                Duration.ofSeconds(60),
                Duration.ofMinutes(15),
                null,
                false,
                TrustedCertificates.NONE);
    }

    /**
     * Sets the proxy.
     *
     * @param settings the proxy, or null for a direct connection
     * @return a copy with this proxy
     */
    public ConnectionSettings withProxy(ProxySettings settings) {
        return new ConnectionSettings(
                connectTimeout, stallTimeout, answerTimeout, settings, skipCertificateCheck, trustedCertificates);
    }

    /**
     * Sets the timeouts that guard an exchange under way.
     *
     * @param stall the longest time without a byte moving
     * @param answer the longest wait for the answer after the last byte of a file
     * @return a copy with these timeouts
     */
    public ConnectionSettings withTimeouts(Duration stall, Duration answer) {
        return new ConnectionSettings(connectTimeout, stall, answer, proxy, skipCertificateCheck, trustedCertificates);
    }

    /** {@return a copy that accepts every certificate and host name} */
    public ConnectionSettings withoutCertificateCheck() {
        return new ConnectionSettings(connectTimeout, stallTimeout, answerTimeout, proxy, true, trustedCertificates);
    }

    /**
     * Trusts certificates in addition to those of the JVM.
     *
     * @param certificates of private authorities, or of a server itself
     * @return a copy that trusts them
     */
    public ConnectionSettings trusting(TrustedCertificates certificates) {
        return new ConnectionSettings(
                connectTimeout, stallTimeout, answerTimeout, proxy, skipCertificateCheck, certificates);
    }

    /**
     * The way to a host.
     *
     * @param host a host name or address, as it stands in a URL
     * @return the proxy that requests to it go through; empty for a direct connection
     */
    public Optional<ProxySettings> proxyFor(String host) {
        return Optional.ofNullable(proxy).filter(way -> way.appliesTo(host));
    }

    /**
     * What a machine needs to know that makes exchanges with one host.
     *
     * @param host a host name or address, as it stands in a URL
     * @return the same without the proxy, its password included, where the way to that host does not lead through it
     */
    public ConnectionSettings towards(String host) {
        return withProxy(proxyFor(host).orElse(null));
    }

    /**
     * An HTTP proxy, as a value that can travel to the machine that makes the exchange.
     *
     * @param host the proxy's host name, never null
     * @param port its port
     * @param user user name for the proxy, or null when it wants none
     * @param password the user's password, or null; a secret
     * @param noProxyHosts regular expressions for hosts that are reached without the proxy; texts, since compiled patterns are equal to
     *     nothing but themselves, and a connection is kept for equal settings
     */
    public record ProxySettings(String host, int port, String user, String password, List<String> noProxyHosts)
            implements Serializable {
        private static final long serialVersionUID = 1;

        /** Whatever proxy the machine that makes the exchange is told of, by its environment or its JVM. */
        public static final ProxySettings OF_THE_MACHINE = new ProxySettings("", 0, null, null, List.of());

        public ProxySettings {
            noProxyHosts = new ArrayList<>(noProxyHosts);
        }

        /**
         * Whether a host is reached through this proxy.
         *
         * @param target a host name or address, in any case, an IPv6 address with or without its brackets
         * @return false when one of the no-proxy patterns matches the whole of it
         */
        public boolean appliesTo(String target) {
            String bare = target.startsWith("[") ? target.substring(1, target.length() - 1) : target;
            return noProxyHosts.stream()
                    .map(host -> Pattern.compile(host, Pattern.CASE_INSENSITIVE))
                    .noneMatch(pattern -> pattern.matcher(bare).matches()
                            || pattern.matcher(target).matches());
        }

        /** {@return the password, and the form in which it is sent with the user's name; none where the proxy wants no login} */
        String[] secrets() {
            if (user == null || password == null) {
                return new String[0];
            }
            byte[] login = (user + ':' + password).getBytes(StandardCharsets.UTF_8);
            return new String[] {password, Base64.getEncoder().encodeToString(login)};
        }

        /** Host and port without the password. */
        @Override
        public String toString() {
            return host + ':' + port;
        }
    }
}
