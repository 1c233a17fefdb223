package io.jenkins.plugins.mender.config;

/** The way from the machine that sends to a Mender Server. */
public enum ProxyRoute {
    /** Through the proxy of {@code Manage Jenkins > System}, unless that excepts the server's host. */
    JENKINS,
    /** Straight to the server. */
    NONE;

    /** {@return what the form calls it} */
    String displayName() {
        return this == JENKINS ? Messages.ProxyRoute_jenkins() : Messages.ProxyRoute_none();
    }
}
