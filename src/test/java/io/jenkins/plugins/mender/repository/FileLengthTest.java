package io.jenkins.plugins.mender.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nobody has to read a long file: neither of the plugin nor of its tests. Artifacts for tests are no text. */
class FileLengthTest {
    private static final int LINES = 400;
    private static final List<String> TEXTS = List.of(".java", ".jelly", ".html", ".properties", ".css", ".svg");

    @Test
    void noFileIsLong() throws IOException {
        List<String> longOnes = new ArrayList<>();
        int files = 0;
        for (String end : TEXTS) {
            for (Path file : Repository.files("src", end)) {
                files++;
                int lines = Files.readAllLines(file).size();
                if (lines > LINES) {
                    longOnes.add(file + ": " + lines);
                }
            }
        }
        assertThat(longOnes, is(empty()));
        assertThat(files, is(greaterThan(200)));
    }
}
