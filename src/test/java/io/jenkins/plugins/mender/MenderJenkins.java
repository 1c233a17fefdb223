package io.jenkins.plugins.mender;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.FilePath;
import hudson.Main;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Node;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TopLevelItem;
import hudson.util.Secret;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.FastPacing;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;

/** A Jenkins with what an upload needs: credentials, jobs of both kinds, Artifacts in their workspaces. */
public final class MenderJenkins {
    /** The id of the token's credentials. */
    public static final String TOKEN = "mender-pat";

    static final String LOGIN = "mender-login";

    /** The waits of all uploads in this JVM, which take no time. */
    final FastPacing pacing = new FastPacing();

    final JenkinsRule rule;
    private final SimulatedMenderServer server;
    private int jobs;

    MenderJenkins(JenkinsRule rule, SimulatedMenderServer server) {
        this.rule = rule;
        this.server = server;
        UploadRun.setPacing(pacing);
    }

    /** {@return a Jenkins that holds a token of the server as {@link #TOKEN}} */
    static MenderJenkins withToken(JenkinsRule rule, SimulatedMenderServer server) throws Exception {
        MenderJenkins jenkins = new MenderJenkins(rule, server);
        jenkins.storeToken(TOKEN, server.token());
        return jenkins;
    }

    /**
     * Makes a Jenkins of its own process serve what it serves to users. With the flag that the test harness sets there, too, it serves
     * what HtmlUnit can show: a plain field in place of the editor of Pipeline scripts, and some pages without their style.
     */
    public static void showWhatUsersSee() {
        Main.isUnitTest = false;
    }

    /** {@return a new agent "inbound", with a JVM of its own, which is started with these options} */
    static Node inboundAgent(InboundAgentExtension agents, JenkinsRule rule, String... javaOptions) throws Exception {
        return agents.createAgent(
                rule,
                InboundAgentExtension.Options.newBuilder()
                        .name("inbound")
                        .label("inbound")
                        .javaOptions(javaOptions)
                        .build());
    }

    /** Stores a token as Secret text. */
    void storeToken(String id, String token) throws Exception {
        store(new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "", Secret.fromString(token)));
    }

    /** Stores a user as Username with password. */
    void storeLogin(String id, String user, String password) throws Exception {
        store(new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, id, "", user, password));
    }

    /** Stores credentials for everybody. */
    public static void store(Credentials credentials) throws IOException {
        SystemCredentialsProvider provider = SystemCredentialsProvider.getInstance();
        provider.getCredentials().add(credentials);
        provider.save();
    }

    /** {@return a Pipeline that runs {@code steps} on a node of that label} */
    WorkflowJob pipeline(String label, String steps) throws Exception {
        return script("node('" + label + "') {\n" + steps + "\n}");
    }

    /** {@return a sandboxed Pipeline of that script} */
    WorkflowJob script(String script) throws Exception {
        return job("pipeline-" + ++jobs, script);
    }

    /** {@return a sandboxed Pipeline of that name} */
    WorkflowJob job(String name, String script) throws Exception {
        WorkflowJob job = rule.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    /** {@return a freestyle job on a node with that build step} */
    FreeStyleProject freestyle(Node node, MenderUploadBuilder builder) throws Exception {
        FreeStyleProject job = rule.createFreeStyleProject("freestyle-" + ++jobs);
        job.setAssignedNode(node);
        job.getBuildersList().add(builder);
        return job;
    }

    /** {@return a build step for the simulated server with the stored token} */
    MenderUploadBuilder builder(String artifact) {
        return builder(artifact, server.url(), TOKEN);
    }

    /** {@return a build step with these parameters} */
    public static MenderUploadBuilder builder(String artifact, String serverUrl, String credentialsId) {
        MenderUploadBuilder builder = new MenderUploadBuilder(artifact);
        builder.setServerUrl(serverUrl);
        builder.setCredentialsId(credentialsId);
        return builder;
    }

    /** {@return a call of the step for the simulated server with the stored token} */
    String call(String artifact) {
        return "menderUpload(artifact: '" + artifact + "', serverUrl: '" + server.url() + "', credentialsId: '" + TOKEN
                + "')";
    }

    /** Puts a recorded Artifact into a job's workspace as {@code build/NAME}. */
    public static FilePath place(Node node, TopLevelItem job, String fileName) throws Exception {
        FilePath file = workspace(node, job).child("build/" + fileName);
        try (InputStream in = ArtifactBuilder.class.getResourceAsStream("/artifacts/" + fileName)) {
            file.copyFrom(in);
        }
        return file;
    }

    /** Makes an Artifact in a job's workspace on the built-in node, as {@code build/NAME}. */
    FilePath place(TopLevelItem job, ArtifactBuilder artifact, String fileName) throws Exception {
        FilePath file = workspace(rule.jenkins, job).child("build/" + fileName);
        Objects.requireNonNull(file.getParent()).mkdirs();
        artifact.write(Path.of(file.getRemote()));
        return file;
    }

    /** {@return a good build of a freestyle job that uploads a recorded Artifact} */
    FreeStyleBuild upload(String fileName) throws Exception {
        FreeStyleProject job = freestyle(rule.jenkins, builder("build/*.mender"));
        place(rule.jenkins, job, fileName);
        return build(job, Result.SUCCESS);
    }

    /** {@return a job's workspace on a node that is online} */
    public static FilePath workspace(Node node, TopLevelItem job) {
        return Objects.requireNonNull(node.getWorkspaceFor(job), "node is online");
    }

    WorkflowRun build(WorkflowJob job, Result expected) throws Exception {
        return rule.buildAndAssertStatus(expected, job);
    }

    FreeStyleBuild build(FreeStyleProject job, Result expected) throws Exception {
        return rule.buildAndAssertStatus(expected, job);
    }

    /** {@return what a browser that prefers a language gets from a path below Jenkins' root} */
    static String read(JenkinsRule rule, String language, String path) throws Exception {
        WebRequest request = new WebRequest(rule.getURL().toURI().resolve(path).toURL());
        request.setAdditionalHeader("Accept-Language", language);
        return rule.createWebClient().getPage(request).getWebResponse().getContentAsString();
    }

    /** {@return what a path below Jenkins' root answers to a form with one field} */
    static String post(JenkinsRule rule, String path, String name, String value) throws Exception {
        JenkinsRule.WebClient browser = rule.createWebClient();
        WebRequest request = new WebRequest(rule.getURL().toURI().resolve(path).toURL(), HttpMethod.POST);
        request.setRequestParameters(List.of(new NameValuePair(name, value)));
        browser.addCrumb(request);
        return browser.getPage(request).getWebResponse().getContentAsString().trim();
    }

    String log(Run<?, ?> run) throws Exception {
        return JenkinsRule.getLog(run);
    }
}
