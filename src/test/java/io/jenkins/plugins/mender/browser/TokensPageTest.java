package io.jenkins.plugins.mender.browser;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.FreeStyleProject;
import io.jenkins.plugins.mender.Administration;
import io.jenkins.plugins.mender.MenderJenkins;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.Select;

/** An administrator creates a token, a job uploads with it, the token is renewed, and the job uploads again. */
@InBrowser
class TokensPageTest {
    @RegisterExtension
    private final BrowserSession session = new BrowserSession();

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aTokenIsCreatedUsedAndRenewed() throws Exception {
        BrowserJenkins jenkins = session.jenkins();
        Chromium chromium = jenkins.chromium();
        String url = jenkins.server().url();
        String user = jenkins.server().user();
        String password = jenkins.server().password();
        jenkins.run(rule -> {
            MenderJenkins.store(
                    new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "login", "", user, password));
            Administration.configure(Administration.server("production", url, "login", null));
            FreeStyleProject job = rule.createFreeStyleProject("gateway");
            job.getBuildersList().add(MenderJenkins.builder("build/*.mender", url, "mender-pat"));
        });
        jenkins.placeArtifact("gateway");

        jenkins.open("manage/");
        chromium.click(By.partialLinkText("Mender tokens"));
        chromium.type(By.name("name"), "release-builds");
        new Select(chromium.find(By.name("lifetimeDays"))).selectByVisibleText("90 days");
        chromium.type(By.name("credentialsId"), "mender-pat");
        chromium.click(By.xpath("//button[normalize-space()='Create']"));
        assertThat(chromium.text(row("release-builds")), containsString("expires in"));
        jenkins.run(rule -> Administration.configure(Administration.server("production", url, "mender-pat", null)));
        upload(jenkins);

        jenkins.open("manage/mender-tokens/");
        chromium.click(By.xpath("//button[normalize-space()='Ask the server']"));
        assertThat(chromium.text(row("release-builds")), containsString("mender-pat"));
        chromium.click(By.xpath("//tr[contains(., 'release-builds')]//button[normalize-space()='Renew']"));
        chromium.await(browser -> chromium.text(row("release-builds")).contains("is revoked at"));
        assertThat(jenkins.server().personalTokenNames().get(1), startsWith("jenkins-"));
        upload(jenkins);
    }

    private static By row(String name) {
        return By.xpath("//tr[contains(., '" + name + "')]");
    }

    private static void upload(BrowserJenkins jenkins) {
        jenkins.run(
                rule -> rule.buildAndAssertSuccess(rule.jenkins.getItemByFullName("gateway", FreeStyleProject.class)));
        assertThat(jenkins.server().artifacts(), hasSize(1));
        jenkins.server().clear();
    }
}
