package io.jenkins.plugins.mender.browser;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody who sees the plugin for the first time makes a freestyle job by hand, from a fresh Jenkins to the Release in Mender. */
@InBrowser
class FreestyleJobTest {
    @RegisterExtension
    private final BrowserSession session = new BrowserSession();

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void withThreeFieldsFilledIn() throws Exception {
        BrowserJenkins jenkins = session.jenkins();
        JobPages pages = new JobPages(jenkins);
        pages.create("gateway", "Freestyle project");
        jenkins.placeArtifact("gateway");

        UploadFields form = pages.addUpload();
        form.type("artifact", "build/*.mender");
        form.type("serverUrl", jenkins.server().url());
        pages.addSecretText("mender-pat", jenkins.server().token());
        form.choose("credentialsId", "mender-pat");
        assertThat(form.filled().size(), is(lessThanOrEqualTo(3)));
        pages.save();

        assertThatItArrives(pages);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void withTheArtifactAloneWhereAnAdministratorConfiguredAServer() throws Exception {
        BrowserJenkins jenkins = session.jenkins();
        jenkins.storeToken();
        jenkins.configureServer("production", jenkins.server().url(), null);
        JobPages pages = new JobPages(jenkins);
        pages.create("gateway", "Freestyle project");
        jenkins.placeArtifact("gateway");

        UploadFields form = pages.addUpload();
        form.type("artifact", "build/*.mender");
        assertThat(form.filled(), contains("artifact"));
        pages.save();

        assertThatItArrives(pages);
    }

    private void assertThatItArrives(JobPages pages) {
        BrowserJenkins jenkins = session.jenkins();
        assertThat(pages.build(), containsString("[Mender] HTTP 201 Created"));
        assertThat(jenkins.server().artifacts(), hasSize(1));
        pages.openBuild();
        assertThat(pages.followRelease("app-2.0"), containsString("Release app-2.0"));
    }
}
