package io.jenkins.plugins.mender.browser;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody lets Jenkins' generators write a Pipeline, and pastes what they say into the editor of the job's script. */
@InBrowser
class PipelineJobTest {
    @RegisterExtension
    private final BrowserSession session = new BrowserSession();

    private JobPages pages;
    private SyntaxPages syntax;
    private String call;

    @BeforeEach
    void generateTheCall() throws Exception {
        BrowserJenkins jenkins = session.jenkins();
        jenkins.storeToken();
        pages = new JobPages(jenkins);
        syntax = new SyntaxPages(jenkins);
        pages.create("gateway", "Pipeline");
        jenkins.placeArtifact("gateway");

        UploadFields form = syntax.chooseUpload("gateway");
        form.type("artifact", "build/*.mender");
        form.type("serverUrl", jenkins.server().url());
        form.choose("credentialsId", "mender-pat");
        call = syntax.generateSnippet();
        assertThat(
                call,
                is("menderUpload artifact: 'build/*.mender', credentialsId: 'mender-pat', serverUrl: '"
                        + jenkins.server().url() + "'"));
    }

    @Test
    void withTheSnippetGenerator() throws Exception {
        runs("node {\n" + call + "\n}");
    }

    @Test
    void withTheDeclarativeDirectiveGenerator() throws Exception {
        String stage = syntax.generateStage("gateway", "Upload");
        assertThat(stage, containsString("steps {"));
        String steps = stage.replaceFirst("// One or more steps[^\n]*", call);
        assertThat(steps, containsString(call));
        runs("pipeline {\nagent any\nstages {\n" + steps + "\n}\n}");
    }

    private void runs(String script) throws Exception {
        BrowserJenkins jenkins = session.jenkins();
        jenkins.open("job/gateway/configure");
        pages.pasteScript(script);
        pages.save();
        assertThat(pages.build(), containsString("[Mender] HTTP 201 Created"));
        assertThat(jenkins.server().artifacts(), hasSize(1));
        pages.openBuild();
        assertThat(pages.followRelease("app-2.0"), containsString("Release app-2.0"));
    }
}
