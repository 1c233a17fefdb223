package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.UploadResult;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.net.URI;
import java.util.List;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What must not get onto a build's pages: markup and links of others, and the token. */
@WithJenkins
class BuildPageSafetyTest {
    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private final String token = server.token();

    @Test
    void textsOfAFileCannotBecomePartOfThePage(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, jenkins.builder("build/*.mender"));
        jenkins.place(
                job, new ArtifactBuilder("<u>x</u>", "<u>y</u>").payloadDepends("<u>k</u>", "<u>v</u>"), "x.mender");
        FreeStyleBuild build = jenkins.build(job, Result.SUCCESS);
        for (String path : List.of("", "mender")) {
            HtmlPage page = rule.createWebClient().getPage(build, path);
            assertThat(page.asNormalizedText(), containsString("<u>x</u>"));
            assertThat(page.getByXPath("//u"), is(empty()));
        }
    }

    @Test
    void onlyAddressesOfTheWebAreLinked() {
        assertThat(artifact("https://mender.example.com/ui/releases/x").getLink(), is(notNullValue()));
        assertThat(artifact("javascript:alert(1)").getLink(), is(nullValue()));
        assertThat(artifact("data:text/html,x").getLink(), is(nullValue()));
    }

    @Test
    void noPageHoldsTheToken(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = new MenderJenkins(rule, server);
        jenkins.storeToken(MenderJenkins.TOKEN, token);
        FreeStyleBuild build = jenkins.upload("rootfs-gzip.mender");
        server.answer(SimulatedMenderServer.UPLOAD, Reply.error(500, "echo " + token));
        MenderUploadBuilder builder = jenkins.builder("build/*.mender");
        builder.setMaxAttempts(1);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, builder);
        MenderJenkins.place(rule.jenkins, job, "signed.mender");
        FreeStyleBuild failed = jenkins.build(job, Result.FAILURE);
        assertThat(failed.getAction(MenderUploadsAction.class), is(nullValue()));
        for (String path : List.of(
                build.getUrl(), build.getUrl() + "mender/", build.getUrl() + "api/json", failed.getUrl() + "console")) {
            assertThat(path, MenderJenkins.read(rule, "en", path), not(containsString(token)));
        }
    }

    private static UploadedArtifact artifact(String url) {
        UploadResult result = new UploadResult(
                "id", "x", URI.create(url), "x.mender", 1, "", "", List.of(), Outcome.UPLOADED, 201, "request", 1, 1);
        return new UploadedArtifact(new MenderUploadResult(result), null, null);
    }
}
