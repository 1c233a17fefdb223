package io.jenkins.plugins.mender.http;

import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The proxy that a machine is told of: by the variables of its environment, as curl and other tools read them ({@code https_proxy}, {@code
 * no_proxy} and the like, in lower or upper case), else by the properties of its JVM ({@code https.proxyHost}, {@code http.nonProxyHosts}).
 */
final class MachineProxy {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /** Where curl looks for a proxy whose address has no port. */
    private static final int USUAL_PORT = 1080;

    private final Map<String, String> environment;
    private final Properties properties;

    MachineProxy(Map<String, String> environment, Properties properties) {
        this.environment = environment;
        this.properties = properties;
    }

    /** {@return what this machine is told} */
    static MachineProxy here() {
        return new MachineProxy(System.getenv(), System.getProperties());
    }

    /** {@return the settings with the proxy of this machine in place of {@link ProxySettings#OF_THE_MACHINE}} */
    static ConnectionSettings in(ConnectionSettings settings, URI target) {
        return ProxySettings.OF_THE_MACHINE.equals(settings.proxy())
                ? settings.withProxy(here().towards(target).orElse(null))
                : settings;
    }

    /** {@return the proxy for requests to an address; empty when there is none, or the machine is told to go there directly} */
    Optional<ProxySettings> towards(URI target) {
        String scheme = target.getScheme().toLowerCase(Locale.ROOT);
        Optional<ProxySettings> proxy = variable(scheme + "_proxy")
                .or(() -> variable("all_proxy"))
                .flatMap(MachineProxy::parse)
                .filter(way -> variable("no_proxy").stream()
                        .flatMap(hosts -> Stream.of(hosts.split("[,\\s]+")))
                        .noneMatch(host -> excepts(host, target)));
        return proxy.isPresent() ? proxy : ofTheJvm(scheme, target);
    }

    private Optional<String> variable(String name) {
        return Stream.of(name, name.toUpperCase(Locale.ROOT))
                .map(environment::get)
                .filter(value -> value != null && !value.isBlank())
                .map(String::strip)
                .findFirst();
    }

    /** Reads an address such as {@code http://user:password@proxy:3128}; one of another kind of proxy than HTTP counts as none. */
    private static Optional<ProxySettings> parse(String address) {
        try {
            URI uri = new URI(address.contains("://") ? address : "http://" + address);
            if (uri.getHost() == null
                    || !uri.getScheme().toLowerCase(Locale.ROOT).equals("http")) {
                return Optional.empty();
            }
            String[] login = uri.getRawUserInfo() == null
                    ? new String[0]
                    : uri.getRawUserInfo().split(":", 2);
            return Optional.of(new ProxySettings(
                    uri.getHost(),
                    uri.getPort() < 0 ? USUAL_PORT : uri.getPort(),
                    login.length > 0 ? decoded(login[0]) : null,
                    login.length > 1 ? decoded(login[1]) : null,
                    List.of()));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** An entry of {@code no_proxy}: a host with all below it, a domain with or without a dot before it, an address, or everything. */
    private static boolean excepts(String entry, URI target) {
        String host = bare(target.getHost());
        String excepted = entry.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", "");
        int port = target.getPort() >= 0
                ? target.getPort()
                : target.getScheme().equalsIgnoreCase("https") ? HTTPS_PORT : HTTP_PORT;
        String withoutPort = excepted.endsWith(":" + port)
                ? excepted.substring(0, excepted.length() - String.valueOf(port).length() - 1)
                : excepted;
        return entry.equals("*")
                || !excepted.isEmpty() && (host.equals(bare(withoutPort)) || host.endsWith("." + bare(withoutPort)));
    }

    private static String bare(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.startsWith("[") && lower.endsWith("]") ? lower.substring(1, lower.length() - 1) : lower;
    }

    private Optional<ProxySettings> ofTheJvm(String scheme, URI target) {
        String host = properties.getProperty(scheme + ".proxyHost", "");
        if (host.isBlank()) {
            return Optional.empty();
        }
        int usual = scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
        String port = properties.getProperty(scheme + ".proxyPort", String.valueOf(usual));
        boolean direct = Stream.of(properties
                        .getProperty("http.nonProxyHosts", "localhost|127.*|[::1]")
                        .split("\\|"))
                .map(MachineProxy::pattern)
                .anyMatch(pattern -> pattern.matcher(target.getHost()).matches());
        return direct || !port.matches("\\d{1,5}")
                ? Optional.empty()
                : Optional.of(new ProxySettings(host.strip(), Integer.parseInt(port), null, null, List.of()));
    }

    /** {@return a pattern of Java's own, where an asterisk stands for anything} */
    private static Pattern pattern(String hosts) {
        return Pattern.compile(Pattern.quote(hosts.strip()).replace("*", "\\E.*\\Q"), Pattern.CASE_INSENSITIVE);
    }
}
