package io.jenkins.plugins.mender.browser;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleProject;
import hudson.model.User;
import hudson.util.Secret;
import io.jenkins.plugins.darktheme.DarkThemeManagerFactory;
import io.jenkins.plugins.mender.MenderJenkins;
import io.jenkins.plugins.mender.MenderUploadBuilder;
import io.jenkins.plugins.mender.config.ConfiguredServer;
import io.jenkins.plugins.mender.config.MenderConfiguration;
import io.jenkins.plugins.mender.simulator.Rollouts;
import io.jenkins.plugins.thememanager.ThemeManagerPageDecorator;
import io.jenkins.plugins.thememanager.none.NoOpThemeManagerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.ExpectedConditions;

/** Takes the pictures of the README, each in light and dark: {@code mvn test-compile exec:exec@pictures}. */
public final class Pictures {
    /** Each wide enough for its lines, in CSS pixels, and no wider. */
    private static final int FORM_WIDTH = 1200;

    private static final int PAGE_WIDTH = 1440;
    private static final int LOG_WIDTH = 1600;
    /** Enough for every page as a whole, so that no bar of buttons lies over what is to be seen. */
    private static final int HEIGHT = 3000;

    private static final double SCALE = 1.5;
    private static final String FORM = "form";
    private static final String JOB = "gateway";
    private static final String PIPELINE = "pipeline";
    private static final String ROLLOUT = "rollout";
    private static final String ARTIFACTS = "build/*.mender";
    private static final String RELEASES = "mender-releases";
    private static final By UPLOAD = By.cssSelector("[descriptorid$='MenderUploadBuilder']");

    private final BrowserJenkins jenkins;
    private final Chromium chromium;
    private final Path folder;

    private Pictures(BrowserJenkins jenkins, Path folder) {
        this.jenkins = jenkins;
        this.chromium = jenkins.chromium();
        this.folder = folder;
    }

    /** Takes them all, into the folder that is the only argument. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        try (PicturesServer server = PicturesServer.start();
                BrowserJenkins jenkins = BrowserJenkins.start(server.server(), server.javaOption())) {
            Pictures pictures = new Pictures(jenkins, folder);
            pictures.prepare();
            pictures.takeInBothThemes(pictures::takeForm);
            server.configureIn(jenkins);
            pictures.upload();
            pictures.deploy(server.server().rollouts());
            pictures.takeInBothThemes(pictures::takeAfterUpload);
            pictures.renewAToken(server);
            pictures.takeInBothThemes(theme -> pictures.takeTokens("tokens" + theme));
        }
        System.out.println("The pictures are in " + folder);
    }

    /** Makes the jobs whose forms are shown. */
    private void prepare() {
        jenkins.storeToken();
        jenkins.run(rule -> {
            rule.createFreeStyleProject(FORM)
                    .getBuildersList()
                    .add(MenderJenkins.builder(ARTIFACTS, "https://eu.hosted.mender.io", MenderJenkins.TOKEN));
            rule.createProject(WorkflowJob.class, PIPELINE);
        });
    }

    /** Builds what the pages of the build then show, as its second build: the first one is slow. */
    private void upload() {
        jenkins.run(rule -> {
            String builder = User.getById("alex", true).getId();
            FreeStyleProject job = rule.createFreeStyleProject(JOB);
            job.getBuildersList().add(new MenderUploadBuilder(ARTIFACTS));
            for (String version : List.of("1.3.0", "1.4.0")) {
                PicturesServer.placeArtifacts(rule, job, version);
                rule.assertBuildStatusSuccess(job.scheduleBuild2(0, new Cause.UserIdCause(builder)));
            }
        });
    }

    /** Deploys to a canary, which has it, and to all others, which are on the way. */
    private void deploy(Rollouts fleet) {
        List<String> canary = fleet.accept(20, "raspberrypi4", "canary");
        List<String> others = fleet.accept(240, "raspberrypi4", "production");
        String first = fleet.create("rollout #1", "gateway-1.4.0", "canary");
        report(fleet, first, canary.subList(0, 19), "success");
        report(fleet, first, canary.subList(19, 20), "failure");
        String second = fleet.create("rollout #1", "gateway-1.4.0", "production");
        report(fleet, second, others.subList(0, 131), "success");
        report(fleet, second, others.subList(131, 133), "failure");
        report(fleet, second, others.subList(133, 174), "installing");
        report(fleet, second, others.subList(174, 180), "pause_before_rebooting");
        jenkins.run(rule -> {
            WorkflowJob job = rule.createProject(WorkflowJob.class, ROLLOUT);
            String step = "menderDeploy deployment: '%s', maxFailures: 3\n";
            job.setDefinition(new CpsFlowDefinition(step.formatted(first) + step.formatted(second), true));
            Cause cause = new Cause.UserIdCause(User.getById("alex", true).getId());
            WorkflowRun run = job.scheduleBuild2(0, new CauseAction(cause)).waitForStart();
            rule.waitForMessage("131 of 240 devices have it", run);
        });
    }

    private static void report(Rollouts fleet, String id, List<String> devices, String state) {
        devices.forEach(device -> fleet.report(id, device, state));
    }

    /** Has a job use a token that was created long ago, by which it is nearly time to renew it. */
    private void renewAToken(PicturesServer server) {
        String token = server.makeTokens();
        jenkins.run(rule -> {
            MenderJenkins.store(
                    new StringCredentialsImpl(CredentialsScope.GLOBAL, RELEASES, null, Secret.fromString(token)));
            ConfiguredServer configured = MenderConfiguration.get().getServers().get(0);
            configured.setCredentialsId(RELEASES);
            configured.setRenewTokens(true);
            FreeStyleProject job = rule.jenkins.getItemByFullName(JOB, FreeStyleProject.class);
            PicturesServer.placeArtifacts(rule, job, "1.5.0");
            rule.buildAndAssertSuccess(job);
        });
    }

    private void takeInBothThemes(Shots shots) throws IOException {
        jenkins.run(rule -> ThemeManagerPageDecorator.get().setTheme(new NoOpThemeManagerFactory()));
        shots.take("");
        jenkins.run(rule -> ThemeManagerPageDecorator.get().setTheme(new DarkThemeManagerFactory()));
        shots.take("-dark");
    }

    /** Pictures whose names end with the theme. */
    @FunctionalInterface
    private interface Shots {
        void take(String theme) throws IOException;
    }

    private void takeAfterUpload(String theme) throws IOException {
        takeBuild("build" + theme);
        takeDetails("details" + theme);
        takeLog("log" + theme);
        takeServer("server" + theme);
        takeGenerator("generator" + theme);
        open("job/" + ROLLOUT + "/1/", PAGE_WIDTH);
        take("deployment" + theme, By.cssSelector("#main-panel .jenkins-app-bar"), By.className("mender-deployments"));
    }

    private void takeForm(String theme) throws IOException {
        open("job/" + FORM + "/configure", FORM_WIDTH);
        take("form" + theme, UPLOAD);
    }

    private void takeBuild(String name) throws IOException {
        open("job/" + JOB + "/2/", PAGE_WIDTH);
        take(name, By.cssSelector("#main-panel .jenkins-app-bar"), By.className("mender-uploads"));
    }

    private void takeDetails(String name) throws IOException {
        open("job/" + JOB + "/2/mender/", PAGE_WIDTH);
        take(name, By.cssSelector("#main-panel h1"), By.cssSelector(".mender-artifact"));
    }

    private void takeLog(String name) throws IOException {
        open("job/" + JOB + "/2/console", LOG_WIDTH);
        Picture.ofText(chromium, By.id("out"), "[Mender]").write(file(name));
    }

    private void takeServer(String name) throws IOException {
        open("manage/configure", FORM_WIDTH);
        By server = By.cssSelector("[name='servers']");
        chromium.click(By.xpath("//div[@name='servers']//button[normalize-space()='Test connection']"));
        chromium.await(ExpectedConditions.textToBePresentInElementLocated(server, "ci@example.com"));
        take(name, By.xpath("//section[*[@class='jenkins-section__title'][normalize-space()='Mender']]"));
    }

    private void takeGenerator(String name) throws IOException {
        chromium.resize(FORM_WIDTH, HEIGHT, SCALE);
        SyntaxPages syntax = new SyntaxPages(jenkins);
        UploadFields form = syntax.chooseUpload(PIPELINE);
        form.type("artifact", ARTIFACTS);
        form.choose("server", "production");
        syntax.generateSnippet();
        take(name, By.cssSelector("select.dropdownList"), By.id("prototypeText"));
    }

    private void takeTokens(String name) throws IOException {
        open("manage/mender-tokens/", PAGE_WIDTH);
        chromium.click(By.xpath("//button[normalize-space()='Ask the server']"));
        chromium.find(By.xpath("//td[normalize-space()='laptop']"));
        take(name, By.cssSelector("#main-panel h2"), By.name("create-production"));
    }

    private void open(String path, int width) throws IOException {
        chromium.resize(width, HEIGHT, SCALE);
        jenkins.open(path);
    }

    private void take(String name, By... parts) throws IOException {
        Picture.of(chromium, parts).write(file(name));
    }

    private Path file(String name) {
        return folder.resolve(name + ".png");
    }
}
