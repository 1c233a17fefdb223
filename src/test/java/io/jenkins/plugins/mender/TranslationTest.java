package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** German is complete: each text, each label of a view, each help. */
class TranslationTest {
    private static final Path RESOURCES = Path.of("src/main/resources/io/jenkins/plugins/mender");
    private static final Pattern LABEL = Pattern.compile("\\$\\{%([^}(]+)[}(]");

    @Test
    void everyMessageIsTranslatedWithTheSameArguments() throws IOException {
        Properties english = properties(RESOURCES.resolve("Messages.properties"));
        Properties german = properties(RESOURCES.resolve("Messages_de.properties"));
        assertThat(german.stringPropertyNames(), is(english.stringPropertyNames()));
        for (String key : english.stringPropertyNames()) {
            assertThat(key, arguments(german.getProperty(key)), is(arguments(english.getProperty(key))));
        }
    }

    @Test
    void everyLabelIsTranslated() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path view : files(".jelly")) {
            Properties german = properties(sibling(view, ".jelly", "_de.properties"));
            Matcher label = LABEL.matcher(Files.readString(view));
            while (label.find()) {
                if (!german.containsKey(label.group(1))) {
                    missing.add(view + ": " + label.group(1));
                }
            }
        }
        assertThat(missing, is(empty()));
    }

    @Test
    void everyHelpIsTranslated() throws IOException {
        List<Path> english = files(".html").stream()
                .filter(help -> !help.toString().endsWith("_de.html"))
                .toList();
        assertThat(english, is(not(empty())));
        List<Path> missing = english.stream()
                .filter(help -> !Files.exists(sibling(help, ".html", "_de.html")))
                .toList();
        assertThat(missing, is(empty()));
    }

    @Test
    void propertiesAreAscii() throws IOException {
        for (Path file : files(".properties")) {
            assertThat(
                    file.toString(),
                    StandardCharsets.US_ASCII.newEncoder().canEncode(Files.readString(file)),
                    is(true)); // loaders differ in what they take other bytes for
        }
    }

    private static int arguments(String format) {
        return new MessageFormat(format).getFormatsByArgumentIndex().length;
    }

    private static Path sibling(Path file, String end, String otherEnd) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.length() - end.length()) + otherEnd);
    }

    private static List<Path> files(String end) throws IOException {
        try (Stream<Path> files = Files.walk(RESOURCES)) {
            return files.filter(file -> file.toString().endsWith(end)).toList();
        }
    }

    private static Properties properties(Path file) throws IOException {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(reader);
            }
        }
        return properties;
    }
}
