package io.jenkins.plugins.mender.api;

import io.jenkins.plugins.mender.api.MenderServer.InvalidServerUrlException.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a Mender Server: hosted Mender, or one's own, possibly below a path.
 *
 * @param name the name that users know it by, empty when it has none
 * @param url the address without a slash at its end, {@code http} or {@code https}
 */
public record MenderServer(String name, URI url) {
    /** Hosted Mender in the US and in the EU, which do not share accounts. */
    public static final List<String> HOSTED = List.of("https://hosted.mender.io", "https://eu.hosted.mender.io");

    private static final Pattern SCHEME = Pattern.compile("https?://", Pattern.CASE_INSENSITIVE);
    /** Where the pages of Mender's user interface and the calls of its API begin. */
    private static final Pattern PAGE = Pattern.compile("/(ui(/.*)?|api(/(management|devices)(/.*)?)?)$");

    private static final String LEFT_OUT = "…@";
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "[::1]", "::1");
    private static final Pattern LOOPBACK_ADDRESS = Pattern.compile("127(\\.\\d{1,3}){3}");

    /**
     * Leaves out the user and the password of a URL. Everything before the last {@code @} may be part of them, since in a
     * misspelt URL nobody can tell where they begin and end. What is left is no server's URL either, so it is still refused.
     *
     * @param url a URL, or what was meant to be one, or null
     * @return the text if it has no {@code @}, else one that has an ellipsis there
     */
    public static String withoutUser(String url) {
        int at = url == null ? -1 : url.lastIndexOf('@');
        if (at < 0) {
            return url;
        }
        Matcher scheme = SCHEME.matcher(url);
        return (scheme.lookingAt() ? scheme.group() : "") + LEFT_OUT + url.substring(at + 1);
    }

    /**
     * Reads an address as a user writes it, or copies it from a browser: what belongs to a page or a call, and not to the server, is cut off.
     *
     * @param text such as {@code https://eu.hosted.mender.io}, or that of a page of it; slashes at its end are dropped
     * @return the server
     * @throws InvalidServerUrlException when it is not an address of an HTTP server
     */
    public static MenderServer parse(String text) throws InvalidServerUrlException {
        String trimmed = text == null ? "" : text.strip();
        if (trimmed.isEmpty()) {
            throw new InvalidServerUrlException(Problem.EMPTY);
        }
        URI uri;
        try {
            uri = new URI(trimmed.replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            throw new InvalidServerUrlException(Problem.NOT_A_URL);
        }
        if (uri.getScheme() == null
                || uri.isOpaque() && uri.getSchemeSpecificPart().matches("\\d+.*")) {
            throw new InvalidServerUrlException(Problem.NOT_A_URL);
        }
        if (!Set.of("http", "https").contains(uri.getScheme().toLowerCase(Locale.ROOT))) {
            throw new InvalidServerUrlException(Problem.SCHEME);
        }
        if (uri.getHost() == null || uri.getPort() > 65535) {
            throw new InvalidServerUrlException(Problem.NOT_A_URL);
        }
        if (uri.getRawUserInfo() != null) {
            throw new InvalidServerUrlException(Problem.EXTRA_PARTS);
        }
        String path = PAGE.matcher(uri.getRawPath()).replaceFirst("").replaceAll("/+$", "");
        return new MenderServer("", URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + path));
    }

    /** {@return whether a text is the address of this server and nothing else, slashes at its end apart} */
    public boolean isWrittenAs(String text) {
        return text.strip().replaceAll("/+$", "").equals(url.toString());
    }

    /** {@return the same server with the name that users know it by} */
    public MenderServer named(String otherName) {
        return new MenderServer(otherName, url);
    }

    /** {@return the name with the address, or the address alone when it has no name} */
    public String label() {
        return name.isEmpty() ? toString() : name + " (" + url + ')';
    }

    /** {@return whether both addresses lead to the same place, whatever the names} */
    public boolean isSameAs(MenderServer other) {
        return url.getScheme().equalsIgnoreCase(other.url.getScheme())
                && url.getHost().equalsIgnoreCase(other.url.getHost())
                && port() == other.port()
                && url.getRawPath().equals(other.url.getRawPath());
    }

    private int port() {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return isEncrypted() ? 443 : 80;
    }

    /**
     * The address of a management API call.
     *
     * @param path the path below {@code /api/management}, beginning with a slash, already encoded
     * @return the whole address
     */
    public URI management(String path) {
        return URI.create(url + "/api/management" + path);
    }

    /**
     * The page of a Release in the server's web interface.
     *
     * @param name the Release's name, which is the name of its Artifacts
     * @return the page's address
     */
    public URI releasePage(String name) {
        return URI.create(url + "/ui/releases/" + pathSegment(name));
    }

    /** {@return the page of a deployment in the server's web interface} */
    public URI deploymentPage(String id) {
        return URI.create(url + "/ui/deployments/active?open=true&id=" + pathSegment(id));
    }

    /** {@return whether the way there is encrypted: {@code https}} */
    public boolean isEncrypted() {
        return url.getScheme().equalsIgnoreCase("https");
    }

    /** {@return whether a token sent there can be read on the way: plain {@code http} to another machine} */
    public boolean isUnencrypted() {
        String host = url.getHost().toLowerCase(Locale.ROOT);
        boolean loopback = LOOPBACK_NAMES.contains(host)
                || LOOPBACK_ADDRESS.matcher(host).matches()
                || host.endsWith(".localhost");
        return !isEncrypted() && !loopback;
    }

    /** {@return text as one segment of a URL's path} */
    static String pathSegment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return url.toString();
    }

    /** A text that cannot be the address of a Mender Server. */
    public static final class InvalidServerUrlException extends Exception {
        private static final long serialVersionUID = 1;

        /** What is wrong with it. */
        public enum Problem {
            /** Nothing there. */
            EMPTY,
            /** Not a URL, or one without a host. */
            NOT_A_URL,
            /** A scheme that is neither {@code http} nor {@code https}. */
            SCHEME,
            /** A user name, a query or a fragment, none of which has a place in a server's address. */
            EXTRA_PARTS
        }

        private final Problem problem;

        InvalidServerUrlException(Problem problem) {
            super(problem.name());
            this.problem = problem;
        }

        /** {@return what is wrong} */
        public Problem problem() {
            return problem;
        }
    }
}
