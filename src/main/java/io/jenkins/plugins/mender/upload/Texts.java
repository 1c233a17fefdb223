package io.jenkins.plugins.mender.upload;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.stream.Stream;

/** The sentences of {@code Texts.properties} in the language of this JVM. Arguments are put in as they are. */
final class Texts {
    private static final ResourceBundle BUNDLE = ResourceBundle.getBundle(Texts.class.getName());

    private Texts() {}

    /** {@return the text of a key with its arguments in place} */
    static String get(String key, Object... arguments) {
        Object[] texts = Stream.of(arguments).map(String::valueOf).toArray();
        return new MessageFormat(BUNDLE.getString(key), Locale.getDefault()).format(texts);
    }

    /** {@return whether there is a text for a key} */
    static boolean has(String key) {
        return BUNDLE.containsKey(key);
    }
}
