package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.io.InputStream;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.PropertyResourceBundle;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sentences of the log in both of their languages. */
class TextsTest {
    private static final Pattern PLACE = Pattern.compile("\\{\\d+}");
    private static final int MOST_ARGUMENTS = 10;

    @Test
    void germanHasTheSameSentences() throws IOException {
        assertThat(new TreeSet<>(german().keySet()), is(new TreeSet<>(english().keySet())));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aSentenceSaysTheSameInBothLanguages(String key) throws IOException {
        assertThat(places(german().getString(key)), is(places(english().getString(key))));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyArgumentArrives(String key) throws IOException {
        Object[] arguments =
                IntStream.range(0, MOST_ARGUMENTS).mapToObj(i -> "<" + i + ">").toArray();
        for (ResourceBundle bundle : new ResourceBundle[] {english(), german()}) {
            String text = bundle.getString(key);
            assertThat("a single apostrophe in " + text, text.replace("''", ""), not(containsString("'")));
            assertThat(
                    new MessageFormat(text, Locale.ROOT).format(arguments),
                    is(text.replaceAll("\\{(\\d+)}", "<$1>").replace("''", "'")));
        }
    }

    @Test
    void aGermanJenkinsSpeaksGerman() {
        ResourceBundle texts = ResourceBundle.getBundle(Texts.class.getName(), Locale.GERMANY);
        assertThat(texts.getString("token.neverExpires"), is("l\u00e4uft nie ab"));
    }

    private static Stream<String> keys() throws IOException {
        return english().keySet().stream().sorted();
    }

    private static Set<String> places(String text) {
        return PLACE.matcher(text).results().map(place -> place.group()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static ResourceBundle english() throws IOException {
        return alone("Texts.properties");
    }

    private static ResourceBundle german() throws IOException {
        return alone("Texts_de.properties");
    }

    /** A bundle without the one that fills its gaps. */
    private static ResourceBundle alone(String file) throws IOException {
        try (InputStream in = TextsTest.class.getResourceAsStream(file)) {
            return new PropertyResourceBundle(in);
        }
    }
}
