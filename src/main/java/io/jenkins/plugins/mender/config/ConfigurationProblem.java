package io.jenkins.plugins.mender.config;

/** A server that cannot be used as it is configured or asked for. The message tells a user why. */
public final class ConfigurationProblem extends Exception {
    private static final long serialVersionUID = 1;

    ConfigurationProblem(String message) {
        super(message);
    }
}
