package io.jenkins.plugins.mender.browser;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import hudson.model.FreeStyleProject;
import io.jenkins.plugins.mender.MenderJenkins;
import io.jenkins.plugins.mender.simulator.Rollouts;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** A build's page shows how far its deployments are: as a bar, in numbers, in the user's language, and on a phone. */
@InBrowser
class DeploymentPageTest {
    private static final By DEPLOYMENTS = By.className("mender-deployments");
    private static final By BAR = By.cssSelector(".mender-deployments svg");
    private static final By LEGEND = By.cssSelector(".mender-deployments__legend li");
    /** How wide each part of the bar is, in per cent, and its colour. */
    private static final String PARTS = """
            const bar = arguments[0].getBoundingClientRect();
            return [...arguments[0].querySelectorAll('rect')].map(part => [
                Math.round(100 * part.getBoundingClientRect().width / bar.width), getComputedStyle(part).fill]);
            """;

    @RegisterExtension
    private final BrowserSession session = new BrowserSession();

    @Test
    void aBarWithNumbers() throws Exception {
        BrowserJenkins jenkins = session.jenkins();
        Chromium chromium = jenkins.chromium();
        Rollouts fleet = jenkins.server().rollouts();
        jenkins.storeToken();
        String url = jenkins.server().url();
        jenkins.run(rule -> {
            FreeStyleProject job = rule.createFreeStyleProject("gateway");
            job.getBuildersList().add(MenderJenkins.builder("build/*.mender", url, MenderJenkins.TOKEN));
            MenderJenkins.place(rule.jenkins, job, "module-two-devices.mender");
            rule.buildAndAssertSuccess(job);
        });
        String release = jenkins.server().artifacts().get(0).header().name();
        List<String> devices = fleet.accept(20, "qemux86-64", "canary");
        String id = fleet.create("canary of today", release, "canary");
        report(fleet, id, devices.subList(0, 9), "success");
        report(fleet, id, devices.subList(9, 11), "failure");
        report(fleet, id, devices.subList(11, 15), "installing");
        report(fleet, id, devices.subList(15, 16), "pause_before_rebooting");
        jenkins.run(rule -> {
            WorkflowJob job = rule.createProject(WorkflowJob.class, "rollout");
            String script = "menderDeploy deployment: '%s', maxFailures: 3, serverUrl: '%s', credentialsId: '%s'";
            job.setDefinition(new CpsFlowDefinition(script.formatted(id, url, MenderJenkins.TOKEN), true));
            rule.waitForMessage("9 of 20 devices have it", job.scheduleBuild2(0).waitForStart());
        });

        jenkins.open("job/rollout/1/");
        WebElement bar = chromium.find(BAR);
        assertThat(bar.getAriaRole(), is("image"));
        assertThat(bar.getAccessibleName(), is("9 have it, 2 failed, 4 at work, 1 paused, 4 not begun"));
        assertThat(legend(), contains("9 have it", "2 failed", "4 at work", "1 paused", "4 not begun"));
        assertThat(
                chromium.text(By.cssSelector(".mender-deployments > li")),
                startsWith("canary of today " + release + " · canary · running"));
        List<?> parts = (List<?>) chromium.script(PARTS, bar);
        assertThat(parts.stream().map(part -> ((List<?>) part).get(0)).toList(), contains(45L, 10L, 20L, 5L, 20L));
        assertThat(
                new HashSet<>(
                        parts.stream().map(part -> ((List<?>) part).get(1)).toList()),
                hasSize(5));
        assertThat(
                chromium.find(By.linkText("canary of today")).getDomAttribute("href"),
                is(url + "/ui/deployments/active?open=true&id=" + id));

        chromium.resize(400, 900, 1);
        jenkins.open("job/rollout/1/");
        assertThat((List<?>) chromium.script(NarrowWindowTest.OUTSIDE, chromium.find(DEPLOYMENTS)), empty());

        chromium.command("Network.enable", Map.of());
        chromium.command("Network.setExtraHTTPHeaders", Map.of("headers", Map.of("Accept-Language", "de")));
        jenkins.open("job/rollout/1/");
        assertThat(chromium.text(By.cssSelector(".mender-deployments__facts")), endsWith(" · canary · läuft"));
        assertThat(
                chromium.find(BAR).getAccessibleName(),
                is("9 haben es, 2 gescheitert, 4 dabei, 1 angehalten, 4 noch nicht begonnen"));
    }

    private static void report(Rollouts fleet, String id, List<String> devices, String state) {
        devices.forEach(device -> fleet.report(id, device, state));
    }

    private List<String> legend() {
        return session.jenkins().chromium().driver().findElements(LEGEND).stream()
                .map(WebElement::getText)
                .toList();
    }
}
