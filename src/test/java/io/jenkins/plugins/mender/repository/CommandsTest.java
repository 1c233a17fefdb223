package io.jenkins.plugins.mender.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The two commands of the README. What they decide is tried with a Maven that notes what it is asked for and does as it is told; with
 * {@code -Pcommands} they also run as they are, in a clean clone.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are for bash")
class CommandsTest {
    private static final long MINUTES = 15;
    private static final String MISSING =
            "[FATAL] Non-resolvable parent POM: Could not transfer artifact org.jenkins-ci.plugins:plugin:pom:6.1 from/to repo";

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new TreeMap<>();
    private Path clone;

    /** What came of a command. */
    private record Ran(int code, String output) {}

    @BeforeEach
    void makeCloneAndMaven() throws Exception {
        clone = Files.createDirectory(folder.resolve("clone"));
        for (String name :
                List.of("pom.xml", ".mvn/maven.config", ".mvn/extensions.xml", "src/main/resources/index.jelly")) {
            copy(name);
        }
        for (String name : List.of(".ci/demo", ".ci/run", ".ci/maven.sh", ".ci/pom.xml")) {
            copy(name);
        }
        Path tools = Files.createDirectory(folder.resolve("bin"));
        Path maven = tools.resolve("mvn");
        Files.writeString(maven, """
                #!/bin/bash
                case "$*" in
                    *--version)
                        case $0 in */apache-maven-3.9.11/*) MAVEN=3.9.11 ;; esac
                        echo "Apache Maven $MAVEN (of a test)"
                        echo "Java version: $JAVA, vendor: nobody"
                        exit ;;
                    *:copy*) # a newer Maven, which is this one at another place
                        for word; do case $word in -DoutputDirectory=*) out=${word#*=} ;; esac; done
                        mkdir -p "$out/zip/apache-maven-3.9.11/bin"
                        cp "$0" "$out/zip/apache-maven-3.9.11/bin/mvn"
                        (cd "$out/zip" && jar cfM "$out/apache-maven-3.9.11-bin.zip" apache-maven-3.9.11)
                        exit ;;
                esac
                case $PWD in
                    */without-sources) echo asked >>"$NOTES"; echo "$ANSWER"; [ -z "$ANSWER" ]; exit ;;
                esac
                echo "${0##*/} $*" >>"$NOTES"
                echo "this is Maven"
                if [ -n "$PATIENCE" ]; then exec sleep "$PATIENCE"; fi
                exit "$CODE"
                """);
        assertThat(maven.toFile().setExecutable(true), is(true));
        environment.putAll(Map.of(
                "PATH",
                tools + ":" + Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH"),
                "HOME",
                folder.toString(),
                "NOTES",
                folder.resolve("notes").toString(),
                "MAVEN",
                "3.9.9",
                "JAVA",
                "17.0.1",
                "ANSWER",
                "",
                "CODE",
                "0",
                "PATIENCE",
                ""));
    }

    private void copy(String name) throws IOException {
        Path target = clone.resolve(name);
        Files.createDirectories(target.getParent());
        Files.copy(Repository.path(name), target, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private List<String> notes() throws IOException {
        Path notes = folder.resolve("notes");
        return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
    }

    private Process start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(clone.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Ran run(String... command) throws Exception {
        Process process = start(command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES), is(true));
        return new Ran(process.exitValue(), output);
    }

    @Test
    void theDemoStartsJenkinsWhereItCanBeHad() throws Exception {
        Ran demo = run(".ci/demo", "--port", "8080");
        assertThat(demo.output(), demo.code(), is(0));
        assertThat(
                notes(),
                is(List.of(
                        "asked",
                        "mvn -B -f pom.xml test-compile",
                        "mvn -B -ntp -q -f pom.xml exec:exec@demo -Ddemo.port=8080")));
    }

    @Test
    void theDemoShowsTheEngineWhereJenkinsCannotBeHad() throws Exception {
        environment.put("ANSWER", MISSING);
        Ran demo = run(".ci/demo");
        assertThat(demo.output(), demo.code(), is(0));
        assertThat(
                demo.output()
                        .lines()
                        .filter(line -> line.contains("without Jenkins"))
                        .toList()
                        .size(),
                is(1));
        assertThat(
                notes(),
                is(List.of("asked", "mvn -B -f .ci/pom.xml test-compile", "mvn -B -ntp -q -f .ci/pom.xml exec:java")));
    }

    @Test
    void whatDoesNotCompileIsNotShown() throws Exception {
        environment.put("CODE", "1");
        Ran demo = run(".ci/demo", "--without-jenkins");
        assertThat(demo.code(), is(1));
        assertThat(demo.output(), containsString("this is Maven"));
        assertThat(notes(), is(List.of("mvn -B -f .ci/pom.xml test-compile")));
    }

    @Test
    void theDemoNeedNotAsk() throws Exception {
        run(".ci/demo", "--without-jenkins");
        assertThat(
                notes(), is(List.of("mvn -B -f .ci/pom.xml test-compile", "mvn -B -ntp -q -f .ci/pom.xml exec:java")));
    }

    @Test
    void theDemoExplainsItself() throws Exception {
        Ran help = run(".ci/demo", "--help");
        assertThat(help.code(), is(0));
        assertThat(help.output(), startsWith("Usage: .ci/demo"));
        assertThat(notes(), is(empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--prot", "--port=8080", "8080"})
    void theDemoRefusesWhatItDoesNotKnow(String argument) throws Exception {
        Ran refused = run(".ci/demo", argument);
        assertThat(refused.code(), is(2));
        assertThat(refused.output(), startsWith("Usage: .ci/demo"));
        assertThat(notes(), is(empty()));
    }

    @Test
    void bothHalvesAreTestedWhereJenkinsCanBeHad() throws Exception {
        Ran all = run(".ci/run", "-Dtest=Some");
        assertThat(all.output(), all.code(), is(0));
        assertThat(notes().get(0), is("asked"));
        assertThat(notes().get(1), allOf(startsWith("mvn -B -ntp verify"), containsString("-Dtest=Some")));
        assertThat(notes().get(2), is("mvn -B -ntp -f .ci/pom.xml verify -Pgateways,commands -Dtest=Some"));
        assertThat(all.output(), not(containsString("JENKINS HALF IS NOT")));
    }

    @Test
    void theJenkinsHalfIsMissedLoudly() throws Exception {
        environment.put("ANSWER", MISSING);
        Ran half = run(".ci/run");
        assertThat(half.output(), half.code(), is(0));
        assertThat(
                half.output(),
                allOf(
                        containsString("THE JENKINS HALF IS NOT COMPILED AND NOT RUN"),
                        containsString("org.jenkins-ci.plugins:plugin:pom:6.1")));
        assertThat(notes(), is(List.of("asked", "mvn -B -ntp -f .ci/pom.xml verify -Pgateways,commands")));
    }

    /** A test that fails, or a check that fails for another reason, is none to leave anything out. */
    @ParameterizedTest
    @ValueSource(strings = {"", "[ERROR] The plugin org.example:some is broken"})
    void aFailureIsNoReasonToFallBack(String answer) throws Exception {
        environment.put("ANSWER", answer);
        environment.put("CODE", "7");
        Ran failed = run(".ci/run");
        assertThat(failed.output(), failed.code(), is(7));
        assertThat(notes().get(1), startsWith("mvn -B -ntp verify"));
        assertThat(failed.output(), containsString("FAILED (exit code 7)"));
    }

    @Test
    void theAnswerIsRememberedByBoth() throws Exception {
        environment.put("ANSWER", MISSING);
        run(".ci/demo");
        run(".ci/run");
        run(".ci/demo");
        assertThat(notes().stream().filter("asked"::equals).count(), is(1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"clone/pom.xml", ".m2/settings.xml"})
    void aChangeThatMayChangeTheAnswerIsAskedFor(String changed) throws Exception {
        environment.put("ANSWER", MISSING);
        run(".ci/demo");
        Path file = folder.resolve(changed);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "<changed/>");
        environment.put("ANSWER", "");
        Ran again = run(".ci/demo");
        assertThat(again.output(), not(containsString("without Jenkins")));
        assertThat(notes().stream().filter("asked"::equals).count(), is(2L));
    }

    @Test
    void anOldMavenFetchesANewOneOnce() throws Exception {
        environment.put("MAVEN", "3.8.7");
        Ran first = run(".ci/demo");
        assertThat(first.output(), first.code(), is(0));
        assertThat(first.output(), containsString("Maven 3.8.7 is too old"));
        assertThat(first.output(), containsString("Maven 3.9.11 on Java 17."));
        Ran second = run(".ci/demo");
        assertThat(second.output(), not(containsString("too old")));
        assertThat(second.output(), containsString("Maven 3.9.11 on Java 17."));
    }

    @Test
    void anOldJavaIsNamed() throws Exception {
        environment.put("JAVA", "11.0.2");
        Ran refused = run(".ci/run");
        assertThat(refused.code(), is(1));
        assertThat(
                refused.output(), containsString("Maven runs on Java 11 here: a JDK of Java 17 or newer is needed."));
    }

    /** Who ends a command, by Ctrl-C or otherwise, ends its Maven. */
    @ParameterizedTest
    @ValueSource(strings = {".ci/demo", ".ci/run"})
    void aMavenEndsWithItsCommand(String command) throws Exception {
        environment.put("PATIENCE", "1000");
        Process process = start(command);
        while (notes().size() < 2) { // the question, then the build
            assertThat(process.isAlive(), is(true));
            Thread.onSpinWait();
        }
        List<ProcessHandle> all = new ArrayList<>(List.of(process.toHandle()));
        process.descendants().forEach(all::add);
        process.destroy();
        for (ProcessHandle one : all) {
            one.onExit().get(MINUTES, TimeUnit.MINUTES);
        }
    }

    /** As a new user does it. The second demo of a day compiles nothing and asks nobody. */
    @Test
    @EnabledIfSystemProperty(named = "mender.commands", matches = "true", disabledReason = "runs with -Pcommands")
    void theDemoWithoutJenkinsUploadsInACleanClone() throws Exception {
        cloneAll();
        Ran demo = run(".ci/demo", "--without-jenkins");
        assertThat(demo.output(), demo.code(), is(0));
        assertThat(
                demo.output(),
                allOf(containsString("[Mender] HTTP 201 Created"), containsString("The server holds 1 Artifact.")));
    }

    /** One test of each half, with all that Maven does around it. */
    @Test
    @EnabledIfSystemProperty(named = "mender.commands", matches = "true", disabledReason = "runs with -Pcommands")
    void whatCanBeBuiltIsBuiltInACleanClone() throws Exception {
        cloneAll();
        Ran all = run(".ci/run", "-Dtest=TextsTest,EndToEndTest", "-Dsurefire.failIfNoSpecifiedTests=false");
        assertThat(all.output(), all.code(), is(0));
        assertThat(all.output(), containsString("The packages without Jenkins, mvn -f .ci/pom.xml verify"));
    }

    private void cloneAll() throws Exception {
        assumeTrue(Files.exists(Repository.path(".git")), "this is no clone itself");
        environment.clear();
        try (Stream<Path> files = Files.walk(clone)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
        Files.createDirectory(clone);
        Ran cloned = run("git", "clone", "-q", Repository.path("").toString(), clone.toString());
        assumeTrue(
                cloned.code() == 0, "git does not clone this folder, which somebody else may own: " + cloned.output());
    }
}
