package io.jenkins.plugins.mender.config;

import io.jenkins.plugins.mender.api.InvalidServerUrlException;
import io.jenkins.plugins.mender.api.PlainText;

/** Says what is wrong with a server's URL, the same in the build log and in the form. */
public final class ServerUrlMessages {
    private static final int LIMIT = 200;

    private ServerUrlMessages() {}

    /** {@return what is wrong with this text, and what would do} */
    public static String of(InvalidServerUrlException e, String text) {
        String url = PlainText.oneLine(text, LIMIT);
        return switch (e.problem()) {
            case EMPTY -> Messages.ServerUrl_empty();
            case NOT_A_URL -> Messages.ServerUrl_notUrl(url);
            case SCHEME -> Messages.ServerUrl_scheme(url);
            case EXTRA_PARTS -> Messages.ServerUrl_extraParts();
        };
    }
}
