package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import hudson.FilePath;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import jenkins.model.details.Detail;
import jenkins.model.details.DetailFactory;
import org.htmlunit.html.HtmlAnchor;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.jvnet.localizer.LocaleProvider;

/** What the page of a build shows of its uploads, and the page of their own. */
@WithJenkins
class BuildPageTest {
    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    @Test
    void aBuildShowsWhatItUploaded(JenkinsRule rule) throws Exception {
        FreeStyleBuild build = MenderJenkins.withToken(rule, server).upload("module-two-devices.mender");

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
    }

    @Test
    void aPipelineBuildShowsTheUploadsOfAllItsSteps(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
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
    void aDryRunIsShownAsOneAndLinksNowhere(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
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
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, jenkins.builder("build/*.mender"));
        FilePath first = jenkins.place(job, new ArtifactBuilder("first", "beaglebone"), "1.mender");
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
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, jenkins.builder("build/*.mender"));
        for (int i = 1; i <= 7; i++) {
            jenkins.place(job, new ArtifactBuilder("release-" + i, "beaglebone"), i + ".mender");
        }
        HtmlPage page = rule.createWebClient().getPage(jenkins.build(job, Result.SUCCESS));
        assertThat(page.getByXPath("//a[contains(@href, '/ui/releases/')]"), hasSize(5));
        HtmlPage all = page.getAnchorByText("2 more").click();
        assertThat(all.getByXPath("//a[contains(@href, '/ui/releases/')]"), hasSize(7));
    }

    @Test
    void thePageSpeaksGerman(JenkinsRule rule) throws Exception {
        FreeStyleBuild build = MenderJenkins.withToken(rule, server).upload("rootfs-gzip.mender");
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
        FreeStyleBuild before = MenderJenkins.withToken(rule, server).upload("signed.mender");
        rule.jenkins.reload();
        Run<?, ?> build = Objects.requireNonNull(Run.fromExternalizableId(before.getExternalizableId()));
        assertThat(rule.createWebClient().getPage(build).asNormalizedText(), containsString("release-1 uploaded"));
        assertThat(rule.createWebClient().getPage(build, "mender").asNormalizedText(), containsString("3, signed"));
    }

    private static MenderUploadResult result(Run<?, ?> build) {
        return build.getAction(MenderUploadsAction.class).getResults().get(0);
    }

    private static List<Detail> details(Run<?, ?> build) {
        return DetailFactory.factoriesFor(WorkflowRun.class).stream()
                .flatMap(factory -> factory.createFor((WorkflowRun) build).stream())
                .filter(MenderUploadsAction.Summary.class::isInstance)
                .map(Detail.class::cast)
                .toList();
    }
}
