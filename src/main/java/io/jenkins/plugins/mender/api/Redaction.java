package io.jenkins.plugins.mender.api;

import java.util.List;
import java.util.stream.Stream;

/** Takes known secrets out of texts that leave the plugin. */
final class Redaction {
    private static final String MASK = "****";

    private final List<String> secrets;

    /**
     * Creates a redaction.
     *
     * @param secrets the secrets; empty ones are passed over
     */
    Redaction(String... secrets) {
        this.secrets = List.of(secrets).stream()
                .filter(secret -> !secret.isEmpty())
                .sorted((one, other) -> other.length() - one.length())
                .toList();
    }

    /** {@return a redaction of these secrets and others} */
    Redaction and(String... others) {
        return new Redaction(Stream.concat(secrets.stream(), Stream.of(others)).toArray(String[]::new));
    }

    /** {@return the secrets that an {@code Authorization} header of a request carries, as a redaction} */
    static Redaction of(ApiRequest request) {
        return new Redaction(request.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase("Authorization"))
                .map(header -> header.value().substring(header.value().indexOf(' ') + 1))
                .toArray(String[]::new));
    }

    /** {@return the text with each occurrence of a secret replaced by asterisks} */
    String apply(String text) {
        String redacted = text;
        for (String secret : secrets) {
            redacted = redacted.replace(secret, MASK);
        }
        return redacted;
    }
}
