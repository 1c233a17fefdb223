package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tags and notes of Releases: what is refused before the upload, and what is there afterwards. */
class ReleaseMarksTest {
    private static final List<String> RELEASE = List.of(DeploymentFixture.RELEASE);

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private EngineFixture f;

    @BeforeEach
    void release() throws Exception {
        DeploymentFixture.release(server);
        f = new EngineFixture(server);
    }

    @Test
    void tagsAreAddedAndNotesReplaced() throws Exception {
        UploadSession session = f.session();
        new ReleaseMarks(List.of("qa"), "first").set(RELEASE, session);
        ReleaseMarks marks = new ReleaseMarks(List.of("CI", "ci", "build-7"), "");
        marks.check(RELEASE, session);
        marks.set(RELEASE, session);
        marks.set(RELEASE, session);
        assertThat(server.rollouts().tags(RELEASE.get(0)), contains("qa", "ci", "build-7"));
        assertThat(server.rollouts().notes(RELEASE.get(0)), is("first"));
        assertThat(String.join("\n", f.log), containsString("Tags of Release release-1: qa, ci, build-7"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    build:42 |               | build:42' is no tag
                    no spaces |              | no spaces' is no tag
                    a        | 1025          | The notes have 1025 bytes, and Mender Servers take at most 1024.
                    a        | line          | The notes have line ends
                    many     |               | The Release would have 21 tags, and Mender Servers take at most 20.
                    """)
    void whatAServerWouldRefuseIsRefusedBefore(String tag, String notes, String words) throws Exception {
        List<String> tags = tag.equals("many")
                ? IntStream.range(0, 21).mapToObj(i -> "t" + i).toList()
                : List.of(tag);
        String text = notes == null ? "" : notes.equals("line") ? "one\ntwo" : "n".repeat(Integer.parseInt(notes));
        assertRefused(new ReleaseMarks(tags, text), RELEASE, words);
    }

    @Test
    void tagsThatAreThereCount() throws Exception {
        new ReleaseMarks(IntStream.range(0, 20).mapToObj(i -> "t" + i).toList(), "").set(RELEASE, f.session());
        assertRefused(new ReleaseMarks(List.of("more"), ""), RELEASE, "The Release would have 21 tags");
    }

    @Test
    void aNameWithASlashCannotBeAddressed() throws Exception {
        assertRefused(new ReleaseMarks(List.of("a"), ""), List.of("a/b"), "has a slash in its name");
    }

    @Test
    void aServerWithoutTagsIsFoundOutBefore() throws Exception {
        try (SimulatedMenderServer old = SimulatedMenderServer.start(Flavour.MENDER_3_6)) {
            f = new EngineFixture(old);
            assertRefused(new ReleaseMarks(List.of(), "n"), RELEASE, "has no tags and notes of Releases");
        }
    }

    @Test
    void whatFailsAfterwardsSaysThatTheArtifactIsThere() throws Exception {
        String path = "PUT /api/management/v2/deployments/deployments/releases/release-1/tags";
        server.answer(path, Reply.error(409, "too many tags"));
        UploadFailure failure =
                assertThrows(UploadFailure.class, () -> new ReleaseMarks(List.of("a"), "").set(RELEASE, f.session()));
        assertThat(failure.getMessage(), containsString("too many tags"));
        assertThat(failure.getMessage(), containsString("The Artifacts are on the server."));
    }

    private void assertRefused(ReleaseMarks marks, List<String> names, String words) throws Exception {
        UploadSession session = f.session();
        UploadFailure failure = assertThrows(UploadFailure.class, () -> marks.check(names, session));
        assertThat(failure.getMessage(), containsString(words));
        assertThat(failure.getMessage(), containsString("Nothing was uploaded."));
    }
}
