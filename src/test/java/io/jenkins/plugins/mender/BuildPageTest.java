package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import hudson.FilePath;
import hudson.model.Fingerprint;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.Outcome;
import io.jenkins.plugins.mender.upload.UploadResult;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import jenkins.model.details.Detail;
import jenkins.model.details.DetailFactory;
import net.sf.json.JSONObject;
import org.htmlunit.html.HtmlAnchor;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.jvnet.localizer.LocaleProvider;

/** What a build shows of its uploads: on its page, on a page of their own, in the remote API, among the fingerprints. */
@WithJenkins
class BuildPageTest {
    @TempDir
    private Path folder;

    private SimulatedMenderServer server;
    private String token;

    @BeforeEach
    void startServer() throws Exception {
        server = SimulatedMenderServer.start(Flavour.MENDER_4_1, folder);
        token = server.token();
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void aBuildShowsWhatItUploaded(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, jenkins.builder("build/*.mender"));
        MenderJenkins.place(rule.jenkins, job, "module-two-devices.mender");
        FreeStyleBuild build = jenkins.build(job, Result.SUCCESS);

        HtmlPage page = rule.createWebClient().getPage(build);
        HtmlAnchor link = page.getAnchorByText("app-2.0");
        assertThat(link.getHrefAttribute(), is(server.url() + "/ui/releases/app-2.0"));
        String text = page.asNormalizedText();
        assertThat(text, containsString("1 Artifact for Mender"));
        assertThat(text, containsString("app-2.0 uploaded"));
        assertThat(text, containsString("24.5 KiB, for raspberrypi4, beaglebone, "));
        assertThat(text, containsString("/s, 1 attempt"));
        assertThat(text, containsString(result(build).getSha256()));

        HtmlPage details = page.getAnchorByText("1 Artifact for Mender").click();
        String all = details.asNormalizedText();
        assertThat(
                all, containsString("Artifact ID\t" + server.artifacts().get(0).id()));
        assertThat(all, containsString("build/module-two-devices.mender (where else it was used)"));
        assertThat(all, containsString("HTTP 201, " + result(build).getRequestId()));
        assertThat(all, containsString("3, not signed"));
        assertThat(all, containsString("Provides artifact_name\tapp-2.0"));
        assertNoToken(page, details);
    }

    @Test
    void aPipelineBuildShowsTheUploadsOfAllItsSteps(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
        WorkflowJob job = jenkins.pipeline(
                "built-in",
                "parallel one: {" + jenkins.call("build/rootfs-none.mender") + "}, two: {"
                        + jenkins.call("build/module-*.mender") + "}");
        MenderJenkins.place(rule.jenkins, job, "module-two-devices.mender");
        MenderJenkins.place(rule.jenkins, job, "rootfs-none.mender");
        WorkflowRun build = jenkins.build(job, Result.SUCCESS);
        String text = rule.createWebClient().getPage(build).asNormalizedText();
        assertThat(text, containsString("2 Artifacts for Mender"));
        assertThat(text, containsString("app-2.0 uploaded"));
        assertThat(text, containsString("release-none uploaded"));
        Detail detail = details(build).get(0);
        assertThat(detail.getDisplayName(), is("2 Artifacts for Mender"));
        assertThat(detail.getIconClassName(), is(notNullValue()));
    }

    @Test
    void theRemoteApiTellsTheSame(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, jenkins.builder("build/*.mender"));
        MenderJenkins.place(rule.jenkins, job, "module-two-devices.mender");
        FreeStyleBuild build = jenkins.build(job, Result.SUCCESS);
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
        assertThat(json, not(containsString(token)));
    }

    @Test
    void aFingerprintTellsWhereAFileWasUploaded(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
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

    @Test
    void aDryRunIsShownAsOneAndLinksNowhere(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
        MenderUploadBuilder builder = jenkins.builder("build/*.mender");
        builder.setDryRun(true);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, builder);
        FilePath file = MenderJenkins.place(rule.jenkins, job, "rootfs-gzip.mender");
        HtmlPage page = rule.createWebClient().getPage(jenkins.build(job, Result.SUCCESS));
        assertThat(page.asNormalizedText(), containsString("release-1 dry run: not uploaded"));
        assertThat(page.getByXPath("//a[contains(@href, '/ui/releases/')]"), is(empty()));
        assertThat(rule.jenkins.getFingerprintMap().get(file.digest()), is(nullValue()));
    }

    @Test
    void whatArrivedBeforeAFailureIsShown(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, jenkins.builder("build/*.mender"));
        FilePath first = place(rule, job, new ArtifactBuilder("first", "beaglebone"), "1.mender");
        first.getParent().child("2.mender").write("no Artifact", "UTF-8");
        MenderUploadBuilder unchecked = job.getBuildersList().get(MenderUploadBuilder.class);
        unchecked.setVerify("none");
        Run<?, ?> build = jenkins.build(job, Result.FAILURE);
        String text = rule.createWebClient().getPage(build).asNormalizedText();
        assertThat(text, containsString("1 Artifact for Mender"));
        assertThat(text, containsString("first uploaded"));
    }

    @Test
    void manyArtifactsAreOnAPageOfTheirOwn(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, jenkins.builder("build/*.mender"));
        for (int i = 1; i <= 7; i++) {
            place(rule, job, new ArtifactBuilder("release-" + i, "beaglebone"), i + ".mender");
        }
        HtmlPage page = rule.createWebClient().getPage(jenkins.build(job, Result.SUCCESS));
        assertThat(page.getByXPath("//a[contains(@href, '/ui/releases/')]"), hasSize(5));
        HtmlPage all = page.getAnchorByText("2 more").click();
        assertThat(all.getByXPath("//a[contains(@href, '/ui/releases/')]"), hasSize(7));
    }

    @Test
    void textsOfAFileCannotBecomePartOfThePage(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, jenkins.builder("build/*.mender"));
        place(rule, job, new ArtifactBuilder("<u>x</u>", "<u>y</u>").depends("<u>k</u>", "<u>v</u>"), "x.mender");
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
    void thePageSpeaksGerman(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, jenkins.builder("build/*.mender"));
        MenderJenkins.place(rule.jenkins, job, "rootfs-gzip.mender");
        FreeStyleBuild build = jenkins.build(job, Result.SUCCESS);
        LocaleProvider english = LocaleProvider.getProvider();
        LocaleProvider.setProvider(
                new LocaleProvider() { // as Jenkins does where no harness starts it
                    @Override
                    public Locale get() {
                        return Locale.GERMAN;
                    }
                });
        try {
            String page = MenderJenkins.read(rule, "de", build.getUrl());
            assertThat(page, containsString("1 Artifact f\u00fcr Mender"));
            assertThat(page, containsString("hochgeladen"));
            assertThat(page, containsString("f\u00fcr qemux86-64"));
            assertThat(page, containsString("1 Versuch"));
            String details = MenderJenkins.read(rule, "de", build.getUrl() + "mender/");
            assertThat(details, containsString("Ger\u00e4tetypen"));
            assertThat(details, containsString("69,5 KiB"));
        } finally {
            LocaleProvider.setProvider(english);
        }
    }

    @Test
    void thePageOutlivesARestart(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, jenkins.builder("build/*.mender"));
        MenderJenkins.place(rule.jenkins, job, "signed.mender");
        jenkins.build(job, Result.SUCCESS);
        rule.jenkins.reload();
        FreeStyleBuild build = Objects.requireNonNull(
                Objects.requireNonNull(rule.jenkins.getItemByFullName(job.getFullName(), FreeStyleProject.class))
                        .getBuildByNumber(1));
        assertThat(rule.createWebClient().getPage(build).asNormalizedText(), containsString("release-1 uploaded"));
        assertThat(rule.createWebClient().getPage(build, "mender").asNormalizedText(), containsString("3, signed"));
    }

    @Test
    void anErrorsTokenReachesNoPage(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = jenkins(rule);
        server.answer(SimulatedMenderServer.UPLOAD, Reply.error(500, "echo " + token));
        MenderUploadBuilder builder = jenkins.builder("build/*.mender");
        builder.setMaxAttempts(1);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, builder);
        MenderJenkins.place(rule.jenkins, job, "rootfs-gzip.mender");
        FreeStyleBuild build = jenkins.build(job, Result.FAILURE);
        assertThat(build.getAction(MenderUploadsAction.class), is(nullValue()));
        assertNoToken(
                rule.createWebClient().getPage(build), rule.createWebClient().getPage(build, "console"));
    }

    private MenderJenkins jenkins(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = new MenderJenkins(rule, server);
        jenkins.storeToken(MenderJenkins.TOKEN, token);
        return jenkins;
    }

    private static FilePath place(JenkinsRule rule, FreeStyleProject job, ArtifactBuilder artifact, String fileName)
            throws Exception {
        FilePath file = MenderJenkins.workspace(rule.jenkins, job).child("build/" + fileName);
        Objects.requireNonNull(file.getParent()).mkdirs();
        artifact.write(Path.of(file.getRemote()));
        return file;
    }

    private static MenderUploadResult result(Run<?, ?> build) {
        return build.getAction(MenderUploadsAction.class).getResults().get(0);
    }

    private static List<Detail> details(Run<?, ?> build) {
        return DetailFactory.factoriesFor(WorkflowRun.class).stream()
                .flatMap(factory -> factory.createFor((WorkflowRun) build).stream())
                .filter(MenderUploadsDetail.class::isInstance)
                .map(Detail.class::cast)
                .toList();
    }

    private static UploadedArtifact artifact(String url) {
        UploadResult result = new UploadResult(
                "id", "x", URI.create(url), "x.mender", 1, "", List.of(), Outcome.UPLOADED, 201, "request", 1, 1);
        return new UploadedArtifact(new MenderUploadResult(result), null, null);
    }

    private void assertNoToken(HtmlPage... pages) {
        for (HtmlPage page : pages) {
            assertThat(page.getWebResponse().getContentAsString(), not(containsString(token)));
        }
    }
}
