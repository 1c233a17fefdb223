package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.FreeStyleProject;
import hudson.model.Node;
import hudson.model.Result;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LogRecorder;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The token stays in the credentials store: not in a log, not in a file below JENKINS_HOME, not in what remoting notes. */
@WithJenkins
class TokenSecrecyTest {
    @RegisterExtension
    private static final InboundAgentExtension AGENTS = new InboundAgentExtension();

    @Test
    void nothingTellsTheTokenOrThePassword(JenkinsRule rule) throws Exception {
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);
                LogRecorder logs = new LogRecorder()
                        .record("hudson.remoting", Level.ALL)
                        .record("org.apache.hc", Level.ALL)
                        .record("io.jenkins.plugins.mender", Level.ALL)
                        .record("org.jenkinsci.plugins.workflow", Level.ALL)
                        .capture(1_000_000)) {
            MenderJenkins jenkins = new MenderJenkins(rule, server);
            String token = server.token();
            jenkins.storeToken(MenderJenkins.TOKEN, token);
            jenkins.storeLogin(MenderJenkins.LOGIN, server.user(), server.password());
            Node agent = MenderJenkins.inboundAgent(AGENTS, rule);

            for (Node node : List.of(rule.jenkins, agent)) {
                server.recover();
                server.clear();
                run(jenkins, node, MenderJenkins.TOKEN, Result.SUCCESS);
                server.clear();
                run(jenkins, node, MenderJenkins.LOGIN, Result.SUCCESS);
                server.answer(
                        SimulatedMenderServer.UPLOAD,
                        Reply.error(500, "echo " + token).with("Location", "http://127.0.0.1/" + token));
                run(jenkins, node, MenderJenkins.TOKEN, Result.FAILURE);
                server.answer(SimulatedMenderServer.UPLOAD, Reply.error(500, "echo " + server.password()));
                run(jenkins, node, MenderJenkins.LOGIN, Result.FAILURE);
                server.recover();
                server.clear();
                String echo = "{\"id\": \"" + token + "\", \"email\": \"" + escaped(token) + "\"}";
                server.answer(
                        "GET /api/management/v1/useradm/users/me",
                        Reply.json(200, echo).with("X-MEN-RequestID", token));
                run(jenkins, node, MenderJenkins.TOKEN, Result.SUCCESS);
                server.answer(
                        "POST /api/management/v1/useradm/auth/login",
                        Reply.error(401, "no " + server.password() + " " + basic(server)));
                run(jenkins, node, MenderJenkins.LOGIN, Result.FAILURE);
            }

            for (String secret : List.of(token, server.password(), basic(server))) {
                assertThat(filesWith(rule.jenkins.getRootDir().toPath(), secret), is(empty()));
                for (String message : logs.getMessages()) {
                    assertThat(message, not(containsString(secret)));
                }
            }
            assertThat(logs.getMessages(), is(not(empty())));
        }
    }

    private static void run(MenderJenkins jenkins, Node node, String credentialsId, Result expected) throws Exception {
        WorkflowJob pipeline = jenkins.pipeline(
                node.getSelfLabel().getName(),
                "def r = " + jenkins.call("build/*.mender").replace(MenderJenkins.TOKEN, credentialsId)
                        + "\nsleep 1\necho \"${r}\"");
        MenderJenkins.place(node, pipeline, "rootfs-gzip.mender");
        jenkins.build(pipeline, expected);
        MenderUploadBuilder builder = jenkins.builder("build/*.mender");
        builder.setCredentialsId(credentialsId);
        FreeStyleProject freestyle = jenkins.freestyle(node, builder);
        MenderJenkins.place(node, freestyle, "rootfs-none.mender");
        jenkins.build(freestyle, expected);
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> escaped.append(String.format("\\u%04x", c)));
        return escaped.toString();
    }

    private static String basic(SimulatedMenderServer server) {
        return Base64.getEncoder()
                .encodeToString((server.user() + ':' + server.password()).getBytes(StandardCharsets.UTF_8));
    }

    static List<Path> filesWith(Path root, String secret) throws IOException {
        String needle = new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> read(file).contains(needle))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
