package io.jenkins.plugins.mender.upload;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How to upload.
 *
 * @param description free text for the Artifacts, at most 4096 bytes; none when empty
 * @param ifExists what to do when the Artifact is there already
 * @param verify how thoroughly files are looked at before they are sent
 * @param maxAttempts how often to try what may pass, at least 1
 * @param dryRun whether to do everything but change the server
 */
public record UploadOptions(String description, IfExists ifExists, Verify verify, int maxAttempts, boolean dryRun) {
    /** How often to try unless told otherwise. */
    public static final int DEFAULT_ATTEMPTS = 5;

    /** What to do when an Artifact of the same name for one of the same devices is on the server already. */
    public enum IfExists {
        /** Fail before anything is sent. */
        FAIL,
        /** Succeed with what is there if its content is the same, else fail. */
        REUSE,
        /** Delete what is there, then upload. */
        REPLACE;

        /** {@return the policy that users write so, {@link #FAIL} for null; empty when there is none of this name} */
        public static Optional<IfExists> of(String text) {
            return chosen(text, values());
        }

        /** {@return the name as users write it} */
        public String text() {
            return written(this);
        }
    }

    /** How thoroughly a file is looked at before it is sent. */
    public enum Verify {
        /** Header, manifest, the places of all parts, and what servers refuse; costs the same for every size. */
        STRUCTURE,
        /** Every checksum; reads the whole file. */
        FULL,
        /** Nothing is required of the file; what can be read of it is shown. */
        NONE;

        /** {@return the degree that users write so, {@link #STRUCTURE} for null; empty when there is none of this name} */
        public static Optional<Verify> of(String text) {
            return chosen(text, values());
        }

        /** {@return the name as users write it} */
        public String text() {
            return written(this);
        }
    }

    /** The first value is the one that users need not write. */
    private static <E extends Enum<E>> Optional<E> chosen(String text, E[] values) {
        return text == null
                ? Optional.of(values[0])
                : Stream.of(values).filter(value -> written(value).equals(text)).findFirst();
    }

    private static String written(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** {@return no description, fail if it exists, look at the structure, try 5 times, really upload} */
    public static UploadOptions defaults() {
        return new UploadOptions("", IfExists.FAIL, Verify.STRUCTURE, DEFAULT_ATTEMPTS, false);
    }

    /** {@return the same with another policy} */
    public UploadOptions with(IfExists policy) {
        return new UploadOptions(description, policy, verify, maxAttempts, dryRun);
    }

    /** {@return the same with another thoroughness} */
    public UploadOptions with(Verify thoroughness) {
        return new UploadOptions(description, ifExists, thoroughness, maxAttempts, dryRun);
    }

    /** {@return the same with another description} */
    public UploadOptions describedBy(String text) {
        return new UploadOptions(text, ifExists, verify, maxAttempts, dryRun);
    }

    /** {@return the same with another number of attempts} */
    public UploadOptions attempting(int times) {
        return new UploadOptions(description, ifExists, verify, times, dryRun);
    }

    /** {@return the same as a dry run} */
    public UploadOptions asDryRun() {
        return new UploadOptions(description, ifExists, verify, maxAttempts, true);
    }
}
