package io.jenkins.plugins.mender.browser;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import hudson.model.FreeStyleProject;
import io.jenkins.plugins.mender.MenderJenkins;
import io.jenkins.plugins.mender.MenderUploadBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.Rectangle;
import org.openqa.selenium.support.ui.ExpectedConditions;

/** The window of a phone shows everything that is the plugin's, without scrolling to the side. */
@InBrowser
class NarrowWindowTest {
    private static final int WIDTH = 400;
    private static final int HEIGHT = 900;
    /** The texts of what can be seen inside an element, and is out of the window all the same. */
    static final String OUTSIDE = """
            const width = document.documentElement.clientWidth;
            return [...arguments[0].querySelectorAll('*')].filter(element => {
                const box = element.getBoundingClientRect();
                return box.width > 0 && box.height > 0 && (box.left < 0 || box.right > width + 1);
            }).map(element => element.outerHTML);
            """;

    @RegisterExtension
    private final BrowserSession session = new BrowserSession();

    @Test
    void formAndBuildPagesFit() throws Exception {
        BrowserJenkins jenkins = session.jenkins();
        jenkins.storeToken();
        jenkins.configureServer("production", jenkins.server().url(), null);
        jenkins.run(rule -> {
            FreeStyleProject job = rule.createFreeStyleProject("gateway");
            job.getBuildersList().add(new MenderUploadBuilder("build/*.mender"));
            job.save();
            MenderJenkins.place(rule.jenkins, job, "module-two-devices.mender");
            rule.buildAndAssertSuccess(job);
        });
        Chromium chromium = jenkins.chromium();
        chromium.resize(WIDTH, HEIGHT, 1);

        jenkins.open("job/gateway/configure");
        By form = By.cssSelector("[descriptorid$='MenderUploadBuilder']");
        chromium.click(By.cssSelector("[descriptorid$='MenderUploadBuilder'] .advanced-button"));
        chromium.find(UploadFields.field("stallTimeout"));
        assertThat(outside(form), empty());

        jenkins.open("job/gateway/1/");
        assertThat(outside(By.className("mender-uploads")), empty());

        jenkins.open("job/gateway/1/mender/");
        assertThat(outside(By.className("mender-artifact")), empty());

        jenkins.open("manage/configure");
        By server = By.cssSelector("[name='servers']");
        chromium.click(By.xpath("//div[@name='servers']//button[normalize-space()='Test connection']"));
        chromium.await(ExpectedConditions.textToBePresentInElementLocated(server, "ci@example.com"));
        assertThat(outside(server), empty());

        jenkins.open("manage/mender-tokens/");
        chromium.click(By.xpath("//button[normalize-space()='Ask the server']"));
        chromium.find(By.xpath("//td[normalize-space()='mender-pat']"));
        assertThat(outside(By.name("create-production")), empty());
        Rectangle table = chromium.find(By.className("mender-tokens")).getRect(); // what is wider scrolls within
        assertThat(table.x + table.width, is(lessThan(WIDTH)));
    }

    private List<?> outside(By part) {
        Chromium chromium = session.jenkins().chromium();
        return (List<?>) chromium.script(OUTSIDE, chromium.find(part));
    }
}
