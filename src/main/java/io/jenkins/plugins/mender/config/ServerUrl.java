package io.jenkins.plugins.mender.config;

import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.MenderServer.InvalidServerUrlException;
import io.jenkins.plugins.mender.http.PlainText;

/** A server's URL as a user gives it: read, and made fit to be shown, the same in the build log and in the forms. */
public final class ServerUrl {
    private static final int LIMIT = 200;

    private ServerUrl() {}

    /** {@return the server of a URL; the problem's message says what is wrong with it, and what would do} */
    static MenderServer parse(String text) throws ConfigurationProblem {
        String url = MenderServer.withoutUser(text);
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
