package io.jenkins.plugins.mender.http;

import io.jenkins.plugins.mender.http.Request.Header;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Takes known secrets out of texts that leave the plugin, however a server that repeats them writes them: as they are, or as
 * JSON (Go writes {@code &} as {@code \\u0026}), HTML or a URL would have them.
 */
public final class Redaction {
    private static final String MASK = "****";
    private static final Pattern JSON = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|([\"\\\\/]))");
    private static final Pattern HTML =
            Pattern.compile("&(?:#(\\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));");
    private static final Pattern PERCENT = Pattern.compile("(?:%[0-9a-fA-F]{2})+");
    private static final Map<String, String> ENTITIES =
            Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'");

    /** What a text may have been written as, one form within another included. */
    private static final List<UnaryOperator<String>> DECODERS =
            List.of(Redaction::fromJson, Redaction::fromHtml, Redaction::fromUrl);

    private final List<String> secrets;

    /**
     * Creates a redaction.
     *
     * @param secrets the secrets; empty ones are passed over
     */
    public Redaction(String... secrets) {
        this.secrets = List.of(secrets).stream()
                .filter(secret -> !secret.isEmpty())
                .sorted((one, other) -> other.length() - one.length())
                .toList();
    }

    /** {@return a redaction of these secrets and others} */
    public Redaction and(String... others) {
        return new Redaction(Stream.concat(secrets.stream(), Stream.of(others)).toArray(String[]::new));
    }

    /** {@return the secrets that an {@code Authorization} header of a request carries, as a redaction} */
    static Redaction of(Request request) {
        return new Redaction(request.headers().stream()
                .filter(Header::isSecret)
                .map(header -> header.value().substring(header.value().indexOf(' ') + 1))
                .toArray(String[]::new));
    }

    /** {@return the text on one line, without secrets; what a server or a proxy says goes through here before anybody sees it} */
    public String line(String text, int limit) {
        return PlainText.oneLine(apply(text), limit);
    }

    /** {@return the text with each occurrence of a secret replaced by asterisks; decoded, where that brought one to light} */
    public String apply(String text) {
        String redacted = mask(text);
        String decoded = redacted;
        for (UnaryOperator<String> decoder : DECODERS) {
            decoded = decoder.apply(decoded);
            String masked = mask(decoded);
            if (!masked.equals(decoded)) {
                decoded = masked;
                redacted = masked;
            }
        }
        return redacted;
    }

    private String mask(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, MASK);
        }
        return masked;
    }

    private static String fromJson(String text) {
        return JSON.matcher(text)
                .replaceAll(escape -> literally(
                        escape.group(1) == null ? escape.group(2) : Character.toString((char) number(escape, 1, 16))));
    }

    private static String fromHtml(String text) {
        return HTML.matcher(text).replaceAll(entity -> {
            if (entity.group(3) != null) {
                return literally(ENTITIES.get(entity.group(3)));
            }
            int c = entity.group(1) == null ? number(entity, 2, 16) : number(entity, 1, 10);
            return literally(Character.isValidCodePoint(c) ? Character.toString(c) : entity.group());
        });
    }

    private static String fromUrl(String text) {
        return PERCENT.matcher(text)
                .replaceAll(bytes -> literally(URLDecoder.decode(bytes.group(), StandardCharsets.UTF_8)));
    }

    private static int number(MatchResult match, int group, int radix) {
        return Integer.parseInt(match.group(group), radix);
    }

    private static String literally(String text) {
        return Matcher.quoteReplacement(text);
    }
}
