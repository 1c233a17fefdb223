package io.jenkins.plugins.mender.http;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

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
