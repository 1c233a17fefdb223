package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.artifact.ArtifactException;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.artifact.Inspector;
import io.jenkins.plugins.mender.upload.Preparation.PreparedArtifact;
import io.jenkins.plugins.mender.upload.UploadOptions.Verify;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a file, in words that users of Mender know. */
class BrokenArtifactMessagesTest {
    private static final ArtifactFile FILE = new ArtifactFile("build/a.mender", "/nowhere", 1, 0);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NOT_AN_ARTIFACT | | | is no Mender Artifact.",
                "UNKNOWN_FORMAT | version | 1 | is an Artifact of format version 1, and Mender Servers take 2 and 3.",
                "TRUNCATED | data/0000.tar.gz | 17 | is cut short: it ends within data/0000.tar.gz.",
                "MISSING | header.tar | | is a damaged Artifact: it has no header.tar.",
                "MISPLACED | data/0000.tar | header.tar"
                        + " | is a damaged Artifact: data/0000.tar stands where header.tar belongs.",
                "UNLISTED | header.tar.gz | | is a damaged Artifact: its manifest has no checksum for header.tar.gz.",
                "CHECKSUM | header.tar.gz | "
                        + "| is a damaged Artifact: the checksum of header.tar.gz is not the one in its manifest.",
                "MALFORMED | header.tar.gz | Not in GZIP format"
                        + " | is a damaged Artifact: header.tar.gz makes no sense (Not in GZIP format).",
                "TOO_LARGE | manifest | 1048576 bytes"
                        + " | is no Artifact that anything real writes: manifest goes beyond 1048576 bytes.",
                "UNREADABLE_HERE | header.tar.zst | Java heap space | cannot be checked on this machine:"
                        + " header.tar.zst cannot be unpacked here (Java heap space).",
            })
    void everyProblemHasItsWords(Problem problem, String part, String detail, String words) {
        ArtifactException broken = new ArtifactException(problem, text(part), text(detail));
        Preparation preparation = preparation(Verify.FULL, broken, new ArrayList<>());
        UploadFailure failure = assertThrows(UploadFailure.class, () -> preparation.prepare(List.of(FILE)));
        assertThat(failure.getMessage(), is("build/a.mender " + words + " Nothing was uploaded."));
        assertThat(failure.explanation(), is(not(empty())));
    }

    /** So that a new problem is not without words. */
    @Test
    void noProblemIsLeftOut() {
        assertThat(
                Stream.of(Problem.values())
                        .filter(problem -> !Texts.has("gist.artifact." + problem))
                        .toList(),
                is(empty()));
    }

    @Test
    void withVerifyNoneTheWordsAreAWarning() throws Exception {
        List<String> log = new ArrayList<>();
        ArtifactException broken = new ArtifactException(Problem.CHECKSUM, "header.tar.gz", "");
        preparation(Verify.NONE, broken, log).prepare(List.of(FILE));
        assertThat(
                log,
                hasItem("WARNING: build/a.mender is a damaged Artifact: the checksum of header.tar.gz is not the one"
                        + " in its manifest. It is sent all the same, as 'verify: none' asks."));
    }

    @ParameterizedTest
    @CsvSource({
        "STRUCTURE, It is sent unchecked; the server checks it in any case.",
        "NONE, 'It is sent all the same, as ''verify: none'' asks.'"
    })
    void whatCannotBeCheckedHereIsAWarning(Verify verify, String words) throws Exception {
        List<String> log = new ArrayList<>();
        ArtifactException unreadable =
                new ArtifactException(Problem.UNREADABLE_HERE, "header.tar.zst", "/tmp/libzstd.so: no execution");
        List<PreparedArtifact> prepared = preparation(verify, unreadable, log).prepare(List.of(FILE));
        assertThat(
                log,
                contains("WARNING: build/a.mender cannot be checked on this machine: header.tar.zst cannot be unpacked"
                        + " here (/tmp/libzstd.so: no execution). " + words));
        assertThat(prepared, contains(new PreparedArtifact(FILE, Optional.empty())));
    }

    private static Preparation preparation(Verify verify, ArtifactException broken, List<String> log) {
        Inspector inspector = (file, how) -> {
            throw broken;
        };
        return new Preparation(inspector, UploadOptions.defaults().with(verify), log::add);
    }

    private static String text(String cell) {
        return cell == null ? "" : cell;
    }
}
