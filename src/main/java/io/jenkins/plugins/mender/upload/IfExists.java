package io.jenkins.plugins.mender.upload;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What to do when an Artifact of the same name for one of the same devices is on the server already. */
public enum IfExists {
    /** Fail before anything is sent. */
    FAIL,
    /** Succeed with what is there if its content is the same, else fail. */
    REUSE,
    /** Delete what is there, then upload. */
    REPLACE;

    /**
     * Reads the value of the parameter {@code ifExists}.
     *
     * @param text a name in lower case; {@link #FAIL} when null
     * @return the value, or empty when there is none of this name
     */
    public static Optional<IfExists> of(String text) {
        return text == null
                ? Optional.of(FAIL)
                : Stream.of(values()).filter(value -> value.text().equals(text)).findFirst();
    }

    /** {@return the name as users write it} */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
