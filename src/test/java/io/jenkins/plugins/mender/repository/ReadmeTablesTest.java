package io.jenkins.plugins.mender.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of the documents: complete, and in the words that users read elsewhere. */
class ReadmeTablesTest {
    private static final String SOURCES = "src/main/java/io/jenkins/plugins/mender/";
    private static final String RESOURCES = "src/main/resources/io/jenkins/plugins/mender/";

    @ParameterizedTest
    @CsvSource({"parameters, Parameters, MenderUploadStep", "servers, Servers, config/ConfiguredServer"})
    void everyFieldOfAFormHasARow(String page, String section, String form) throws IOException {
        List<String> fields =
                Repository.found(Repository.read(RESOURCES + form + "/config.jelly"), "\\bfield=\"(\\w+)\"");
        assertThat(fields, is(not(empty())));
        String rows = section(page, section);
        assertThat(
                fields.stream()
                        .filter(field -> !rows.contains("| `" + field + "` |"))
                        .toList(),
                is(empty()));
    }

    @Test
    void everyPropertyOfTheResultHasARow() throws IOException {
        List<String> getters =
                Repository.found(Repository.read(SOURCES + "MenderUploadResult.java"), "public [\\w<>]+ get(\\w+)\\(");
        List<String> properties = getters.stream()
                .map(name -> Character.toLowerCase(name.charAt(0)) + name.substring(1))
                .toList();
        assertThat(Repository.found(section("parameters", "Result"), "(?m)^\\| `(\\w+)` \\|"), is(properties));
    }

    /** The first column quotes the log; where it has an ellipsis, the log names a thing. */
    @ParameterizedTest
    @CsvSource({"troubleshooting, 'What the log says, and what to do'", "tokens, What goes wrong"})
    void troubleshootingIsKeyedByWhatIsSaid(String page, String heading) throws IOException {
        List<String> texts = Stream.of("upload/Texts.properties", "config/Messages.properties", "Messages.properties")
                .flatMap(ReadmeTablesTest::texts)
                .toList();
        List<String> quotes = Repository.found(section(page, heading), "(?m)^\\| ([^|]*) \\|").stream()
                .flatMap(cell -> Repository.found(cell, "\\*([^*]+)\\*").stream())
                .toList();
        assertThat(quotes, is(not(empty())));
        assertThat(
                quotes.stream()
                        .filter(quote -> texts.stream().noneMatch(saying(quote).asPredicate()))
                        .toList(),
                is(empty()));
    }

    /** {@return a pattern of texts that hold a quote, whatever stands for its ellipsis} */
    private static Pattern saying(String quote) {
        return Pattern.compile(
                Stream.of(quote.split("…"))
                        .map(part -> Pattern.quote(part.strip()))
                        .collect(Collectors.joining(".*")),
                Pattern.DOTALL);
    }

    private static Stream<String> texts(String file) {
        try {
            Properties texts = new Properties();
            texts.load(new StringReader(Repository.read(RESOURCES + file)));
            return texts.values().stream()
                    .map(text -> text.toString().replace("''", "'").replace('\n', ' '));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Two screens, and what is not on them is a click away. */
    @Test
    void theFirstPageIsShortAndLeadsToEveryOther() throws IOException {
        assertThat(Repository.read("README.md").lines().count(), is(lessThan(130L)));
        List<String> links = MarkdownPage.of("README.md").links();
        for (Path page : Repository.files("docs", ".md")) {
            assertThat(links, hasItem("docs/" + page.getFileName()));
        }
    }

    private static String section(String page, String heading) throws IOException {
        String text = Repository.read("docs/" + page + ".md");
        int begin = ("\n" + text).replace("\n# ", "\n## ").indexOf("\n## " + heading + "\n");
        int end = text.indexOf("\n## ", begin + 1);
        return text.substring(begin, end < 0 ? text.length() : end);
    }
}
