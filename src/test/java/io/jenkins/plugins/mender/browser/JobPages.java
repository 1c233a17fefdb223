package io.jenkins.plugins.mender.browser;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import org.openqa.selenium.By;

/** What somebody clicks in Jenkins to make a job, to build it, and to see what became of it. */
final class JobPages {
    private static final String STEP = "Upload Artifact to Mender";

    private final BrowserJenkins jenkins;
    private final Chromium chromium;

    JobPages(BrowserJenkins jenkins) {
        this.jenkins = jenkins;
        this.chromium = jenkins.chromium();
    }

    /** Creates a job, and leaves its empty configuration open. */
    void create(String name, String kind) throws IOException {
        jenkins.open("");
        chromium.click(By.linkText("New Item"));
        chromium.type(By.id("name"), name);
        chromium.click(By.xpath("//li[.//span[text()='" + kind + "']]"));
        chromium.click(By.id("ok-button"));
        chromium.await(browser -> chromium.url().endsWith("/job/" + name + "/configure"));
    }

    /** Adds the build step to a freestyle job. */
    UploadFields addUpload() {
        chromium.click(By.xpath("//button[normalize-space()='Add build step']"));
        chromium.click(
                By.xpath("//button[contains(@class, 'jenkins-dropdown__item')][normalize-space()='" + STEP + "']"));
        return new UploadFields(chromium);
    }

    /** Stores a token with "Add" beside the list of credentials. */
    void addSecretText(String id, String secret) {
        chromium.click(By.cssSelector(".credentials-add-menu"));
        chromium.click(By.cssSelector("[data-type='credentials-add-store-item']"));
        By dialog = By.cssSelector(".jenkins-dialog");
        chromium.click(By.xpath("//label[contains(., 'Secret text')]"));
        chromium.click(By.id("cr-dialog-next"));
        chromium.type(By.name("_.secret"), secret);
        chromium.type(By.cssSelector(".jenkins-dialog input[name='_.id']"), id);
        chromium.click(By.id("cr-dialog-submit"));
        chromium.await(browser -> browser.findElements(dialog).isEmpty());
    }

    /** Saves the configuration, which leads to the job's page. */
    void save() {
        String job = chromium.url().replaceFirst("configure$", "");
        chromium.click(By.name("Submit"));
        chromium.await(browser -> chromium.url().equals(job));
    }

    /** Pastes text into the empty editor of a Pipeline's script. */
    void pasteScript(String script) {
        chromium.click(By.cssSelector(".workflow-editor-wrapper .ace_content"));
        chromium.paste(script);
    }

    /** Builds a job whose page is open, and waits for the end on the console's page, where it {@return the log}. */
    String build() {
        chromium.click(By.partialLinkText("Build Now"));
        chromium.click(By.cssSelector("#buildHistoryPage a[href$='/1/']"));
        chromium.click(By.linkText("Console Output"));
        By console = By.cssSelector("#out");
        chromium.await(browser -> chromium.text(console).contains("Finished: "));
        return chromium.text(console);
    }

    /** Goes from the console's page to the build's. */
    void openBuild() {
        chromium.click(By.linkText("Status"));
    }

    /** Follows the link to an Artifact's Release from the build's page, and {@return what the server shows there} */
    String followRelease(String name) {
        chromium.click(By.linkText(name));
        chromium.toNewWindow();
        assertThat(chromium.url(), is(jenkins.server().url() + "/ui/releases/" + name));
        String page = chromium.text(By.tagName("body"));
        chromium.closeWindow();
        return page;
    }
}
