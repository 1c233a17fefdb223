package io.jenkins.plugins.mender.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.mender.repository.MarkdownPage.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents lead somewhere: their links, their pictures, the classes that they name. */
class DocumentsTest {
    private static final Pattern DECLARED = Pattern.compile("\\b(?:class|enum|interface|record) (\\w+)");
    private static final Pattern CLASS = Pattern.compile("([A-Z]\\w*[a-z]\\w*)(?:\\.\\w+)?");

    /** What looks like a class and is none: a header of HTTP. */
    private static final Set<String> OTHERS = Set.of("Authorization");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "CONTRIBUTING.md",
                "docs/architecture.md",
                "docs/benchmark.md",
                "docs/deployments.md",
                "docs/parameters.md",
                "docs/recipes.md",
                "docs/servers.md",
                "docs/tokens.md",
                "docs/troubleshooting.md",
                ".github/PULL_REQUEST_TEMPLATE.md",
                "src/test/resources/artifacts/README.md"
            })
    void everyLinkAndEveryPictureIsThere(String name) throws IOException {
        MarkdownPage page = MarkdownPage.of(name);
        List<String> lost = new ArrayList<>();
        for (String link : page.links()) {
            if (!leadsSomewhere(page, link)) {
                lost.add(link);
            }
        }
        for (Picture picture : page.pictures()) {
            if (!Files.exists(page.target(picture.target()))
                    || picture.description().isBlank()) {
                lost.add(picture.toString());
            }
        }
        assertThat(lost, is(empty()));
    }

    private static boolean leadsSomewhere(MarkdownPage page, String link) throws IOException {
        if (link.contains(":")) {
            return link.startsWith("https://");
        }
        Path target = page.target(link);
        if (!Files.exists(target)) {
            return false;
        }
        int anchor = link.indexOf('#');
        return anchor < 0 || MarkdownPage.of(target.toString()).anchors().contains(link.substring(anchor + 1));
    }

    @Test
    void everyPictureIsShown() throws IOException {
        Set<String> shown = new TreeSet<>();
        List<Path> pages = new ArrayList<>(Repository.files("docs", ".md"));
        pages.add(Repository.path("README.md"));
        for (Path file : pages) {
            MarkdownPage page = MarkdownPage.of(file.toString());
            page.links().forEach(link -> shown.add(page.target(link).toString()));
            page.pictures()
                    .forEach(picture -> shown.add(page.target(picture.target()).toString()));
        }
        assertThat(
                Repository.files("images", "").stream()
                        .map(Path::toString)
                        .filter(picture -> !shown.contains(picture))
                        .toList(),
                is(empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONTRIBUTING.md", "docs/architecture.md"})
    void everyClassThatIsNamedIsThere(String name) throws IOException {
        Set<String> declared = new TreeSet<>(OTHERS);
        for (Path source : Repository.files("src", ".java")) {
            Matcher declaration = DECLARED.matcher(Files.readString(source));
            while (declaration.find()) {
                declared.add(declaration.group(1));
            }
        }
        List<String> named = MarkdownPage.of(name).codes().stream()
                .filter(code -> !code.endsWith(".properties"))
                .map(CLASS::matcher)
                .filter(Matcher::matches)
                .map(code -> code.group(1))
                .toList();
        assertThat(named, is(not(empty())));
        assertThat(named.stream().filter(code -> !declared.contains(code)).toList(), is(empty()));
    }
}
