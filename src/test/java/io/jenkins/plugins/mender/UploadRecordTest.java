package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import hudson.FilePath;
import hudson.model.Fingerprint;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.util.List;
import java.util.Objects;
import net.sf.json.JSONObject;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What a build keeps of its uploads for others: in the remote API, and among the fingerprints. */
@WithJenkins
class UploadRecordTest {
    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @Test
    void theRemoteApiTellsTheSame(JenkinsRule rule) throws Exception {
        FreeStyleBuild build = MenderJenkins.withToken(rule, server).upload("module-two-devices.mender");
        String json = rule.createWebClient()
                .goTo(build.getUrl() + "api/json", "application/json")
                .getWebResponse()
                .getContentAsString();
        JSONObject artifact = JSONObject.fromObject(json).getJSONArray("actions").stream()
                .map(JSONObject.class::cast)
                .filter(action -> action.optString("_class").equals(MenderUploadsAction.class.getName()))
                .findFirst()
                .orElseThrow()
                .getJSONArray("artifacts")
                .getJSONObject(0);
        assertThat(artifact.getString("id"), is(server.artifacts().get(0).id()));
        assertThat(artifact.getString("name"), is("app-2.0"));
        assertThat(artifact.getString("url"), is(server.url() + "/ui/releases/app-2.0"));
        assertThat(artifact.getString("outcome"), is("UPLOADED"));
        assertThat(artifact.getLong("size"), is(25088L));
        assertThat(List.copyOf(artifact.getJSONArray("deviceTypes")), is(List.of("raspberrypi4", "beaglebone")));
        assertThat(artifact.getInt("attempts"), is(1));
    }

    @Test
    void aFingerprintTellsWhereAFileWasUploaded(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        FreeStyleProject one = jenkins.freestyle(rule.jenkins, jenkins.builder("build/*.mender"));
        FilePath file = MenderJenkins.place(rule.jenkins, one, "rootfs-gzip.mender");
        jenkins.build(one, Result.SUCCESS);
        MenderUploadBuilder reusing = jenkins.builder("build/*.mender");
        reusing.setIfExists("reuse");
        FreeStyleProject other = jenkins.freestyle(rule.jenkins, reusing);
        MenderJenkins.place(rule.jenkins, other, "rootfs-gzip.mender");
        FreeStyleBuild reused = jenkins.build(other, Result.SUCCESS);

        Fingerprint fingerprint =
                Objects.requireNonNull(rule.jenkins.getFingerprintMap().get(file.digest()));
        assertThat(fingerprint.getFileName(), is("rootfs-gzip.mender"));
        assertThat(fingerprint.getJobs(), containsInAnyOrder(one.getFullName(), other.getFullName()));
        HtmlPage page = rule.createWebClient().getPage(reused, "mender");
        assertThat(page.asNormalizedText(), containsString("Outcome\twas there already, with the same content"));
        HtmlPage usages = page.getAnchorByText("where else it was used").click();
        assertThat(usages.asNormalizedText(), containsString(one.getName()));
    }
}
