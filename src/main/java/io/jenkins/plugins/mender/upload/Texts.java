package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.http.PlainText;
import java.text.MessageFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.stream.Stream;

/** The sentences of {@code Texts.properties} in the language of this JVM, and the sizes, times and words that go into them. */
public final class Texts {
    private static final ResourceBundle BUNDLE = ResourceBundle.getBundle(Texts.class.getName());
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};
    private static final int LINE_LIMIT = 256;

    private Texts() {}

    /** {@return the text of a key with its arguments in place, as they are} */
    static String get(String key, Object... arguments) {
        Object[] texts = Stream.of(arguments).map(String::valueOf).toArray();
        return new MessageFormat(BUNDLE.getString(key), Locale.getDefault()).format(texts);
    }

    /** {@return whether there is a text for a key} */
    static boolean has(String key) {
        return BUNDLE.containsKey(key);
    }

    /** {@return what a server or a file says, made fit for a line; {@code null} as a word} */
    static String line(String foreign) {
        return PlainText.oneLine(String.valueOf(foreign), LINE_LIMIT);
    }

    /** {@return a size in bytes such as {@code 700 bytes} or {@code 512.0 MiB}} */
    static String size(long bytes) {
        return size(bytes, Locale.ROOT);
    }

    /** {@return the same with the decimal point of a language} */
    public static String size(long bytes, Locale locale) {
        if (bytes < 1024) {
            return bytes == 1 ? "1 byte" : bytes + " bytes";
        }
        double value = bytes;
        int unit = -1;
        do {
            value /= 1024;
            unit++;
        } while (value >= 1023.95 && unit < UNITS.length - 1);
        return String.format(locale, "%.1f %s", value, UNITS[unit]);
    }

    /** {@return a part of a size, such as {@code 102.4 of 512.0 MiB}} */
    static String part(long bytes, long all) {
        String whole = size(all);
        int unit = Arrays.asList(UNITS).indexOf(whole.substring(whole.indexOf(' ') + 1));
        return unit < 0
                ? bytes + " of " + whole
                : String.format(Locale.ROOT, "%.1f of %s", bytes / Math.pow(1024, unit + 1), whole);
    }

    /** {@return a duration such as {@code 6.2 s} or {@code 2 min 5 s}} */
    static String time(Duration duration) {
        long tenths = Math.round(duration.toMillis() / 100.0);
        if (tenths < 600) {
            return tenths / 10 + "." + tenths % 10 + " s";
        }
        long seconds = Math.round(tenths / 10.0);
        return seconds / 60 + " min " + seconds % 60 + " s";
    }

    /** {@return a server's time stamp to the second, or its own text when it is none} */
    static String moment(String timestamp) {
        try {
            return Instant.parse(timestamp).truncatedTo(ChronoUnit.SECONDS).toString();
        } catch (DateTimeParseException e) {
            return PlainText.oneLine(timestamp, 40);
        }
    }
}
