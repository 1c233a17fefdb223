package io.jenkins.plugins.mender.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hudson.FilePath;
import io.jenkins.plugins.mender.agent.WorkspaceFiles.Match;
import io.jenkins.plugins.mender.agent.WorkspaceFiles.Remark;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Patterns find files of the workspace, whichever way they are written, and none outside. */
class WorkspaceFilesTest {
    @TempDir
    private Path folder;

    private Path workspace;
    private Path outside;

    @BeforeEach
    void makeFiles() throws Exception {
        workspace = Files.createDirectories(folder.resolve("workspace/build")).getParent();
        outside = Files.createDirectories(folder.resolve("other")).resolve("secret.mender");
        Files.writeString(outside, "outside");
        Files.writeString(workspace.resolve("build/b.mender"), "b");
        Files.writeString(workspace.resolve("build/a.mender"), "a");
    }

    @Test
    void patternsFindFilesSortedByName() throws Exception {
        assertThat(names(find("build/*.mender")), contains("build/a.mender", "build/b.mender"));
        assertThat(names(find("**/b.*, build/a.mender")), contains("build/a.mender", "build/b.mender"));
        assertThat(
                find("biuld/*.mender").remarks().get(Remark.CANDIDATE), contains("build/a.mender", "build/b.mender"));
        assertThat(find("build").remarks().get(Remark.DIRECTORY), contains("build"));
    }

    @Test
    void noPatternLeavesTheWorkspace() throws Exception {
        for (String pattern : List.of(
                "../other/secret.mender",
                "../**/*.mender",
                "build/../../other/*.mender",
                outside.toString(),
                "**/../../other/secret.mender")) {
            Match match = find(pattern);
            assertThat(
                    pattern,
                    match.files().stream()
                            .filter(file -> file.path().contains("other"))
                            .toList(),
                    is(empty()));
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs symbolic links and free file names")
    void aSymbolicLinkThatLeadsOutIsNamedAndNotFollowed() throws Exception {
        Files.createSymbolicLink(workspace.resolve("file.mender"), outside);
        Files.createSymbolicLink(workspace.resolve("folder"), outside.getParent());
        Match match = find("**/*.mender");
        assertThat(match.remarks().get(Remark.OUTSIDE), contains("file.mender"));
        assertThat(names(match), contains("build/a.mender", "build/b.mender"));
        assertThat(find("none/*.mender").remarks().get(Remark.CANDIDATE).contains("folder/secret.mender"), is(false));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs symbolic links and free file names")
    void aLinkInsideIsFollowedAndCountsOnce() throws Exception {
        Files.createSymbolicLink(workspace.resolve("latest.mender"), Path.of("build/b.mender"));
        assertThat(names(find("**/*.mender")), contains("build/a.mender", "build/b.mender"));
        Match match = find("latest.mender");
        assertThat(names(match), contains("latest.mender"));
        assertThat(
                match.files().get(0).path(),
                is(workspace.toRealPath().resolve("build/b.mender").toString()));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs symbolic links and free file names")
    void aWorkspaceBehindALinkIsAWorkspace() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), workspace);
        Match match = WorkspaceFiles.find(() -> new FilePath(link.toFile()), "build/a.mender");
        assertThat(names(match), contains("build/a.mender"));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs symbolic links and free file names")
    void namesWithControlCharactersDoNotReachAMessageAsTheyAre() throws Exception {
        Files.writeString(workspace.resolve("build/c\u001b[31m\nERROR.mender"), "c");
        assertThat(find("none").remarks().get(Remark.CANDIDATE).contains("build/c?[31m ERROR.mender"), is(true));
    }

    /** A Java whose locale has no umlauts, as agents have that are started with {@code LC_ALL=C}. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its file names are always Unicode")
    void whatJavaCannotNameIsToldAsSuch() throws Exception {
        shell("cp build/a.mender \"build/$(printf 'h\\303\\244user').mender\"");
        assertThat(inLocaleC("build/*.mender"), containsString("UNNAMEABLE build/h"));
        assertThat(inLocaleC("build/a.mender"), is("build/a.mender\n"));
        assertThat(inLocaleC("build/h\u00e4*.mender"), containsString("UNNAMEABLE"));
    }

    private void shell(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(workspace.toFile())
                .start();
        assertThat(process.waitFor(), is(0));
    }

    private String inLocaleC(String patterns) throws Exception {
        ProcessBuilder java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                WorkspaceFilesTest.class.getName(),
                workspace.toString(),
                Base64.getEncoder().encodeToString(patterns.getBytes(StandardCharsets.UTF_8)));
        java.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.startsWith("LANG"));
        java.environment().put("LC_ALL", "C");
        Process process = java.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(output, process.waitFor(), is(0));
        return output;
    }

    /** Prints what a pattern matches in a folder, in a Java of its own. */
    public static void main(String[] arguments) throws Exception {
        String patterns = new String(Base64.getDecoder().decode(arguments[1]), StandardCharsets.UTF_8);
        Match match = WorkspaceFiles.find(() -> new FilePath(new File(arguments[0])), patterns);
        match.files().forEach(file -> System.out.println(file.name()));
        match.remarks().get(Remark.UNNAMEABLE).forEach(name -> System.out.println("UNNAMEABLE " + name));
    }

    @Test
    void aSearchEndsWhenItsThreadIsInterrupted() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> find("**/*.mender"));
    }

    private Match find(String patterns) throws Exception {
        return WorkspaceFiles.find(() -> new FilePath(workspace.toFile()), patterns);
    }

    private static List<String> names(Match match) {
        return match.files().stream().map(ArtifactFile::name).toList();
    }
}
