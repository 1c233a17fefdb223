package io.jenkins.plugins.mender.http;

import java.io.Serializable;
import java.util.Objects;

/**
 * One header line of a request or of an answer.
 *
 * @param name the header's name, never null; names are compared ignoring case
 * @param value the header's value, never null; a secret when the name is {@code Authorization}
 */
public record Header(String name, String value) implements Serializable {
    private static final long serialVersionUID = 1;

    public Header {
        Objects.requireNonNull(name, "a header without a name");
        Objects.requireNonNull(value, "a header without a value");
    }

    /** {@return whether the value is a secret: that of {@code Authorization}} */
    boolean isSecret() {
        return name.equalsIgnoreCase("Authorization");
    }

    /** The name alone: a value can be a secret, and strings of travelling objects end up in logs. */
    @Override
    public String toString() {
        return name;
    }
}
