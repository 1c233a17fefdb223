package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import hudson.ExtensionList;
import hudson.model.Result;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.util.Map;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.pipeline.modeldefinition.generator.StageDirective;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What Jenkins writes for users of Pipelines: the calls of its generators, and the arguments in its views of stages. */
@WithJenkins
class SnippetGeneratorTest {
    private static final String URL = "https://eu.hosted.mender.io";

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @Test
    void theGeneratorPrintsTheShortestCall(JenkinsRule rule) throws Exception {
        JSONObject form = new JSONObject()
                .element("stapler-class", MenderUploadStep.class.getName())
                .element("artifact", "build/*.mender")
                .element("server", "")
                .element("serverUrl", "")
                .element("credentialsId", "")
                .element("description", "")
                .element("ifExists", "fail")
                .element("verify", "structure")
                .element("maxAttempts", "5")
                .element("stallTimeout", "60")
                .element("dryRun", false);
        assertThat(generate(rule, form), is("menderUpload 'build/*.mender'"));
        form.element("serverUrl", URL).element("credentialsId", "mender-pat");
        assertThat(
                generate(rule, form),
                is("menderUpload artifact: 'build/*.mender', credentialsId: 'mender-pat', serverUrl: '" + URL + "'"));
    }

    @Test
    void theGeneratorPrintsEveryParameter(JenkinsRule rule) throws Exception {
        JSONObject form = new JSONObject()
                .element("stapler-class", MenderUploadStep.class.getName())
                .element("artifact", "a.mender, b/*.mender")
                .element("serverUrl", URL)
                .element("credentialsId", "mender-pat")
                .element("description", "by ${BUILD_TAG}")
                .element("ifExists", "reuse")
                .element("verify", "full")
                .element("maxAttempts", "2")
                .element("stallTimeout", "30")
                .element("dryRun", true);
        assertThat(
                generate(rule, form),
                is("menderUpload artifact: 'a.mender, b/*.mender', credentialsId: 'mender-pat',"
                        + " description: 'by ${BUILD_TAG}', dryRun: true, ifExists: 'reuse', maxAttempts: 2,"
                        + " serverUrl: '" + URL + "', stallTimeout: 30, verify: 'full'"));
    }

    @Test
    void theGeneratorPrintsTheShortestDeployment(JenkinsRule rule) throws Exception {
        JSONObject form = new JSONObject()
                .element("stapler-class", MenderDeployStep.class.getName())
                .element("group", "canary")
                .element("devices", "")
                .element("allDevices", false)
                .element("artifact", "")
                .element("server", "")
                .element("serverUrl", "")
                .element("credentialsId", "")
                .element("minSuccess", "")
                .element("maxFailures", "")
                .element("timeout", "240")
                .element("name", "")
                .element("deployment", "")
                .element("wait", true)
                .element("force", false)
                .element("onFailure", "abort")
                .element("onTimeout", "abort")
                .element("unstableOnFailure", false);
        assertThat(generate(rule, form), is("menderDeploy group: 'canary'"));
        form.element("minSuccess", "95%").element("devices", "a, b").element("group", "");
        assertThat(generate(rule, form), is("menderDeploy devices: ['a', 'b'], minSuccess: '95%'"));
    }

    @Test
    void aGeneratedCallRunsInAGeneratedStage(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        JSONObject call = new JSONObject()
                .element("stapler-class", MenderUploadStep.class.getName())
                .element("artifact", "build/*.mender")
                .element("serverUrl", server.url())
                .element("credentialsId", MenderJenkins.TOKEN);
        JSONObject stage = new JSONObject()
                .element("stapler-class", StageDirective.class.getName())
                .element("name", "Upload")
                .element("contentType", "STEPS")
                .element("directives", new JSONArray());
        String generated = MenderJenkins.post(rule, "directive-generator/generateDirective", "json", stage.toString());
        String placeholder = "// One or more steps need to be included within the steps block.";
        WorkflowJob job = jenkins.script(
                "pipeline {\nagent any\nstages {\n" + generated.replace(placeholder, generate(rule, call)) + "\n}\n}");
        MenderJenkins.place(rule.jenkins, job, "rootfs-gzip.mender");
        jenkins.build(job, Result.SUCCESS);
        assertThat(server.artifacts(), hasSize(1));
    }

    @Test
    void viewsOfStagesNameArtifactAndServer(JenkinsRule rule) {
        MenderUploadStep.DescriptorImpl form = ExtensionList.lookupSingleton(MenderUploadStep.DescriptorImpl.class);
        assertThat(form.argumentsToString(Map.of("artifact", "a.mender")), is("a.mender"));
        assertThat(
                form.argumentsToString(
                        Map.of("artifact", "a.mender", "serverUrl", "https://joe:s3c ret@m.example.com")),
                is("a.mender to https://…@m.example.com"));
        assertThat(
                form.argumentsToString(Map.of("artifact", "a.mender", "serverUrl", URL, "credentialsId", "x")),
                is("a.mender to " + URL));
    }

    private static String generate(JenkinsRule rule, JSONObject form) throws Exception {
        return MenderJenkins.post(rule, "pipeline-syntax/generateSnippet", "json", form.toString());
    }
}
