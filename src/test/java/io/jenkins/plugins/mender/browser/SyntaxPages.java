package io.jenkins.plugins.mender.browser;

import java.io.IOException;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.Select;

/** The pages "Pipeline Syntax" of a job: the Snippet Generator and the Declarative Directive Generator. */
final class SyntaxPages {
    private static final By CHOICE = By.cssSelector("select.dropdownList");

    private final BrowserJenkins jenkins;
    private final Chromium chromium;

    SyntaxPages(BrowserJenkins jenkins) {
        this.jenkins = jenkins;
        this.chromium = jenkins.chromium();
    }

    /** Chooses the step in the Snippet Generator, and {@return its form} */
    UploadFields chooseUpload(String job) throws IOException {
        jenkins.open("job/" + job + "/");
        chromium.click(By.linkText("Pipeline Syntax"));
        new Select(chromium.find(CHOICE)).selectByVisibleText("menderUpload: Upload Artifact to Mender");
        return new UploadFields(chromium);
    }

    /** {@return the call of the step whose form is filled in} */
    String generateSnippet() {
        chromium.click(By.id("generatePipelineScript"));
        return generated(By.id("prototypeText"));
    }

    /** {@return a stage with steps as the directive generator writes it, without any step} */
    String generateStage(String job, String name) throws IOException {
        jenkins.open("job/" + job + "/directive-generator/");
        new Select(chromium.find(CHOICE)).selectByVisibleText("stage: Stage");
        chromium.type(By.name("_.name"), name);
        new Select(chromium.find(By.name("contentType"))).selectByVisibleText("Steps");
        chromium.click(By.xpath("//button[normalize-space()='Generate Declarative Directive']"));
        return generated(By.cssSelector("textarea[id^='prototypeText_']"));
    }

    private String generated(By field) {
        return chromium.await(browser -> {
            String text = chromium.find(field).getDomProperty("value").trim();
            return text.isEmpty() ? null : text;
        });
    }
}
