package io.jenkins.plugins.mender.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.Channel;
import hudson.remoting.ChannelClosedException;
import hudson.remoting.RequestAbortedException;
import io.jenkins.plugins.mender.agent.WorkspaceFiles.Match;
import io.jenkins.plugins.mender.agent.WorkspaceFiles.Remark;
import io.jenkins.plugins.mender.artifact.ArtifactException;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.http.TransportException.Failure;
import io.jenkins.plugins.mender.http.Wire;
import java.io.File;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.nio.file.AccessDeniedException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever an agent throws or answers, nothing but what was asked for and one line of a failure comes through. */
@Timeout(60)
class WorkspaceTest {
    private static final Workspace WORKSPACE = () -> new FilePath(new File("."));

    /** {@link Match} as somebody else makes it. */
    private record Found(List<?> files, Map<?, ?> remarks, boolean empty) implements Serializable {
        private static final long serialVersionUID = 1;

        /** Names it shortly: a list of it can be too long to print. */
        @Override
        public String toString() {
            return "forged";
        }
    }

    @Test
    void anAnswerOfAnotherTypeOrNoneIsOneLine() throws Exception {
        assertThat(WORKSPACE.ask(String.class, folder -> "answer"), is("answer"));
        for (Object other : new Object[] {null, 1, List.of(), new String[0]}) {
            AbortException e = assertThrows(AbortException.class, () -> WORKSPACE.ask(String.class, folder -> other));
            assertThat(e.getMessage(), startsWith("the agent answered with something that no agent says: "));
        }
    }

    static List<Throwable> throwables() {
        String words = "\u001b[31mno\nFinished: SUCCESS\n\tat x";
        Exception cyclic = new IOException(words);
        cyclic.initCause(new IOException(words, cyclic));
        return List.of(
                new IOException(words),
                new IOException(words.repeat(1_000_000)),
                cyclic,
                new IllegalStateException(words),
                new Exception(words),
                new AssertionError(words),
                new OutOfMemoryError(words),
                new InvalidObjectException(words),
                new InterruptedException(words).initCause(new IOException(words)));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void whateverAnAgentThrowsIsOneLine(Throwable thrown) {
        AbortException e = assertThrows(
                AbortException.class,
                () -> WORKSPACE.ask(String.class, folder -> {
                    throw WorkspaceTest.<RuntimeException>unchecked(thrown);
                }));
        assertThat(e.getMessage(), containsString("?[31mno Finished: SUCCESS at x"));
        assertThat(e.getMessage(), not(containsString("\n")));
        assertThat(e.getMessage().length(), lessThan(700));
        assertThat(e.getCause(), is((Throwable) null));
        assertThat(e.getSuppressed().length, is(0));
    }

    @Test
    void anInterruptOfThisThreadStaysOneWithoutAnyWords() {
        InterruptedException e = assertThrows(
                InterruptedException.class,
                () -> WORKSPACE.ask(String.class, folder -> {
                    throw new InterruptedException("Finished: SUCCESS");
                }));
        assertThat(e.getMessage(), is((String) null));
    }

    /** The step {@code retry(conditions: [agent()])} tells a lost agent by the cause. */
    @Test
    void aLostAgentStaysOne() {
        for (Exception lost : List.of(
                new RequestAbortedException(new IOException("\u001b")),
                new ChannelClosedException("\u001b".repeat(1_000_000), null))) {
            IOException e = assertThrows(
                    IOException.class,
                    () -> WORKSPACE.ask(String.class, folder -> {
                        throw WorkspaceTest.<RuntimeException>unchecked(lost);
                    }));
            assertThat(e.getMessage(), is("the connection to the agent was lost"));
            assertThat(Channel.isClosedChannelException(e), is(true));
            assertThat(e.getCause().getMessage(), not(containsString("\u001b")));
            assertThat(e.getCause().getMessage().length(), lessThan(600));
        }
    }

    @Test
    void whatTheWorkEndsInIsFoundAmongCauses() {
        IOException artifact = new IOException(new ArtifactException(Problem.MISSING, "a", ""));
        IOException exchange = new IOException(new IOException(new TransportException(Failure.CUT, "", 0, false)));
        assertThat(thrown(artifact), is(instanceOf(ArtifactException.class)));
        assertThat(thrown(exchange), is(instanceOf(TransportException.class)));
        assertThat(thrown(new AccessDeniedException("/a")), is(instanceOf(AbortException.class)));
    }

    static List<Found> impossible() {
        ArtifactFile file = new ArtifactFile("a.mender", "/a.mender", 1, 0);
        return List.of(
                new Found(null, Map.of(), false),
                new Found(List.of(file), null, false),
                new Found(List.of(file), Map.of(Remark.OUTSIDE, Collections.nCopies(1, null)), false),
                new Found(List.of(file), Map.of(Remark.OUTSIDE, "no list"), false),
                new Found(List.of(file), Map.of(Remark.OUTSIDE, List.of(1)), false),
                new Found(List.of("no file"), Map.of(), false),
                new Found(Collections.nCopies(1, null), Map.of(), false),
                new Found(List.of(file, file), Map.of(), false),
                new Found(Collections.nCopies(Integer.MAX_VALUE, file), Map.of(), false));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void filesThatNoSearchFindsDoNotArrive(Found found) throws Exception {
        byte[] sent = Wire.forged(found, Found.class, Match.class);
        assertThrows(InvalidObjectException.class, () -> Wire.read(sent));
    }

    @Test
    void namesThatSomethingIsTheMatterWithAreFewAndOnOneLine() throws Exception {
        List<String> names = Collections.nCopies(Integer.MAX_VALUE, "a\u001b\n".repeat(1000));
        Map<Remark, List<String>> remarks =
                Stream.of(Remark.values()).collect(Collectors.toMap(remark -> remark, remark -> names));
        Match match = (Match) Wire.read(Wire.forged(new Found(List.of(), remarks, false), Found.class, Match.class));
        for (Remark remark : Remark.values()) {
            List<String> some = match.remarks().get(remark);
            assertThat(some.size(), is(20));
            assertThat(some.get(19).length(), is(257));
            assertThat(some.get(19), startsWith("a? a? "));
        }
    }

    private static IOException thrown(IOException e) {
        return assertThrows(
                IOException.class,
                () -> WORKSPACE.ask(String.class, folder -> {
                    throw e;
                }));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable e) throws T {
        throw (T) e;
    }
}
