package io.jenkins.plugins.mender.upload;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How thoroughly a file is looked at before it is sent. */
public enum Verify {
    /** Header, manifest, the places of all parts, and what servers refuse; costs the same for every size. */
    STRUCTURE,
    /** Every checksum; reads the whole file. */
    FULL,
    /** Nothing is required of the file; what can be read of it is shown. */
    NONE;

    /**
     * Reads the value of the parameter {@code verify}.
     *
     * @param text a name in lower case; {@link #STRUCTURE} when null
     * @return the value, or empty when there is none of this name
     */
    public static Optional<Verify> of(String text) {
        return text == null
                ? Optional.of(STRUCTURE)
                : Stream.of(values()).filter(value -> value.text().equals(text)).findFirst();
    }

    /** {@return the name as users write it} */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
