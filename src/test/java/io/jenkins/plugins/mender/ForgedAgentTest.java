package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import hudson.FilePath;
import hudson.model.FreeStyleProject;
import hudson.model.Node;
import hudson.model.Result;
import hudson.remoting.DelegatingCallable;
import io.jenkins.plugins.mender.agent.WorkspaceFiles.Match;
import io.jenkins.plugins.mender.agent.WorkspaceFiles.Remark;
import io.jenkins.plugins.mender.artifact.ArtifactContents;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.http.Request.Header;
import io.jenkins.plugins.mender.http.Response;
import io.jenkins.plugins.mender.http.Wire;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.remoting.RoleChecker;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** An agent in a JVM of its own that answers with what no agent says, over the connection that all agents have. */
@WithJenkins
class ForgedAgentTest {
    @RegisterExtension
    private static final InboundAgentExtension AGENTS = new InboundAgentExtension();

    private static final String STRANGE = "the agent answered with something that no agent says: ";
    private static final String SHA256 = "0123456789abcdef".repeat(4);
    private static final String MD5 = "0123456789abcdef".repeat(2);

    /** What the agent answers in place of what it should; null for an honest agent. */
    private static volatile Forgery forgery;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    /** An {@link Response} as somebody else makes it. */
    private record Answer(
            int status,
            String reason,
            List<? extends Serializable> headers,
            byte[] content,
            boolean truncated,
            long sentBytes,
            String sentSha256,
            String sentMd5)
            implements Serializable {
        private static final long serialVersionUID = 1;
    }

    /** A {@link Match} as somebody else makes it. */
    private record Found(List<? extends Serializable> files, Map<Remark, List<String>> remarks, boolean empty)
            implements Serializable {
        private static final long serialVersionUID = 1;
    }

    /** An {@link ArtifactFile} as somebody else names it. */
    private record Named(String name, String path, long size, long modified) implements Serializable {
        private static final long serialVersionUID = 1;
    }

    /**
     * What to answer.
     *
     * @param place the type of the answers to replace
     * @param status of answers of a server, those to replace; 0 for all
     * @param bytes what to answer, as it travels
     * @param thrown what to throw in its place, or null
     */
    private record Forgery(Class<?> place, int status, byte[] bytes, Throwable thrown) implements Serializable {
        private static final long serialVersionUID = 1;

        boolean replaces(Object answer) {
            return place.isInstance(answer)
                    && (status == 0 || answer instanceof Response response && response.status() == status);
        }
    }

    /** Arrives as what it holds, made past all constructors. */
    private record Envelope(byte[] bytes) implements Serializable {
        private static final long serialVersionUID = 1;

        private Object readResolve() throws IOException, ClassNotFoundException {
            return Wire.read(bytes);
        }
    }

    /** Makes an agent forge. */
    @TestExtension
    public static final class Forger extends FilePath.FileCallableWrapperFactory {
        @Override
        public <T> DelegatingCallable<T, IOException> wrap(DelegatingCallable<T, IOException> callable) {
            return forgery == null ? callable : new Forging<>(callable, forgery);
        }
    }

    private record Forging<T>(DelegatingCallable<T, IOException> honest, Forgery forgery)
            implements DelegatingCallable<T, IOException> {
        private static final long serialVersionUID = 1;

        @Override
        @SuppressWarnings("unchecked")
        public T call() throws IOException {
            T answer = honest.call();
            if (!forgery.replaces(answer)) {
                return answer;
            }
            if (forgery.thrown() != null) {
                throw ForgedAgentTest.<RuntimeException>unchecked(forgery.thrown());
            }
            return (T) new Envelope(forgery.bytes());
        }

        @Override
        public ClassLoader getClassLoader() {
            return getClass().getClassLoader();
        }

        @Override
        public void checkRoles(RoleChecker checker) {
            // goes where the honest one goes
        }
    }

    @BeforeEach
    void beHonest() {
        forgery = null;
    }

    @Test
    void nothingThatAnAgentForgesGetsFartherThanOneLine(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        Node agent = MenderJenkins.inboundAgent(AGENTS, rule);
        WorkflowJob pipeline = jenkins.pipeline("inbound", jenkins.call("build/*.mender"));
        FreeStyleProject freestyle = jenkins.freestyle(agent, jenkins.builder("build/*.mender"));
        MenderJenkins.place(agent, pipeline, "rootfs-gzip.mender");
        MenderJenkins.place(agent, freestyle, "rootfs-gzip.mender");
        jenkins.build(pipeline, Result.SUCCESS);

        Named outside = new Named("../../etc/passwd", "/etc/passwd", 1, 0);
        Named good = new Named("a.mender", "/a.mender", 1, 0);
        List<Header> none = List.of();
        String words = "\u001b[31mno\nFinished: SUCCESS\n\tat x";
        List<Forgery> forgeries = List.of(
                found(List.of(outside)),
                found(Collections.nCopies(Integer.MAX_VALUE, good)),
                found(null),
                thrown(Match.class, new Exception(words)),
                thrown(Match.class, new AssertionError(words.repeat(1000))),
                thrown(ArtifactContents.class, new InterruptedException(words)),
                answer(ArtifactContents.class, "a text"),
                answered(0, new Answer(0, "", none, new byte[0], false, 0, "", "")),
                answered(0, new Answer(200, "", none, new byte[1024 * 1024], false, 0, "", "")),
                answered(0, new Answer(200, "", List.of("no header"), new byte[0], false, 0, "", "")),
                thrown(Response.class, new ClassCastException(words)));
        for (Forgery next : forgeries) {
            server.clear();
            forgery = next;
            assertOneLine(jenkins.log(jenkins.build(pipeline, Result.FAILURE)));
        }
        for (Forgery next : List.of(forgeries.get(0), forgeries.get(forgeries.size() - 1))) {
            server.clear();
            forgery = next;
            assertOneLine(jenkins.log(jenkins.build(freestyle, Result.FAILURE)));
        }
    }

    /** A breach counts as a lost agent: the server is asked whether the file has arrived. */
    @Test
    void aForgedAnswerToAnUploadIsNoProofOfIt(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        Node agent = MenderJenkins.inboundAgent(AGENTS, rule);
        WorkflowJob pipeline = jenkins.pipeline("inbound", jenkins.call("build/*.mender"));
        MenderJenkins.place(agent, pipeline, "rootfs-gzip.mender");
        for (Answer answer : List.of(
                new Answer(201, "", List.of(), new byte[0], false, Long.MAX_VALUE, SHA256, MD5),
                new Answer(201, "", List.of(), new byte[0], false, 0, SHA256, MD5 + "\nFinished: FAILURE"))) {
            server.clear();
            forgery = answered(201, answer);
            String log = jenkins.log(jenkins.build(pipeline, Result.SUCCESS));
            assertThat(log, containsString(STRANGE));
            assertThat(log, containsString("The Artifact has arrived"));
            assertThat(log, not(containsString("\nFinished: FAILURE")));
        }
    }

    /** Of a file that was sent the checksums come with the answer; one that was there already is read for them. */
    @Test
    void aFingerprintThatIsNoneIsNotKept(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        Node agent = MenderJenkins.inboundAgent(AGENTS, rule);
        String reuse = jenkins.call("build/*.mender").replace(")", ", ifExists: 'reuse')");
        WorkflowJob pipeline = jenkins.pipeline("inbound", reuse);
        MenderJenkins.place(agent, pipeline, "rootfs-gzip.mender");
        jenkins.build(pipeline, Result.SUCCESS);
        for (String md5 : List.of("../../../secret", "\u001b[31m", "x".repeat(32))) {
            forgery = answer(String.class, md5);
            String log = jenkins.log(jenkins.build(pipeline, Result.SUCCESS));
            assertThat(log, containsString("[Mender] The uploaded files were not fingerprinted: " + STRANGE));
            assertThat(log, not(containsString("\u001b[31m")));
        }
    }

    private static void assertOneLine(String log) {
        List<String> strange =
                log.lines().filter(line -> line.contains(STRANGE)).toList();
        assertThat(log, strange.isEmpty(), is(false));
        assertThat(log, containsString("Nothing was uploaded."));
        assertThat(log, not(containsString("\tat ")));
        assertThat(log, not(containsString("\nFinished: SUCCESS")));
        assertThat(log, not(containsString("\u001b[31m")));
        strange.forEach(line -> assertThat(line.length(), lessThan(1000)));
    }

    private static Forgery found(List<? extends Serializable> files) throws IOException {
        Found found = new Found(files, Map.of(), false);
        byte[] bytes = Wire.forged(found, Found.class, Match.class, Named.class, ArtifactFile.class);
        return new Forgery(Match.class, 0, bytes, null);
    }

    private static Forgery answered(int status, Answer answer) throws IOException {
        return new Forgery(Response.class, status, Wire.forged(answer, Answer.class, Response.class), null);
    }

    private static Forgery answer(Class<?> place, Serializable answer) throws IOException {
        return new Forgery(place, 0, Wire.bytes(answer), null);
    }

    private static Forgery thrown(Class<?> place, Throwable thrown) {
        return new Forgery(place, 0, new byte[0], thrown);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable e) throws T {
        throw (T) e;
    }
}
