package io.jenkins.plugins.mender.config;

import io.jenkins.plugins.mender.api.InvalidServerUrlException;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.PlainText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's URL as a user gives it: read, and made fit to be shown, the same in the build log and in the forms. */
public final class ServerUrl {
    private static final int LIMIT = 200;
    private static final Pattern SCHEME = Pattern.compile("https?://", Pattern.CASE_INSENSITIVE);
    private static final String LEFT_OUT = "…@";

    private ServerUrl() {}

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

    /** {@return the server of a URL; the problem's message says what is wrong with it, and what would do} */
    static MenderServer parse(String text) throws ConfigurationProblem {
        String url = withoutUser(text);
        try {
            return MenderServer.parse(url);
        } catch (InvalidServerUrlException e) {
            throw new ConfigurationProblem(message(e, PlainText.oneLine(url, LIMIT)));
        }
    }

    private static String message(InvalidServerUrlException e, String url) {
        return switch (e.problem()) {
            case EMPTY -> Messages.ServerUrl_empty();
            case NOT_A_URL -> Messages.ServerUrl_notUrl(url);
            case SCHEME -> Messages.ServerUrl_scheme(url);
            case EXTRA_PARTS -> Messages.ServerUrl_extraParts();
        };
    }
}
