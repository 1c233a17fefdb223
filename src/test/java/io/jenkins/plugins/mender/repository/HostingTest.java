package io.jenkins.plugins.mender.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the Jenkins project asks of a plugin that it hosts. */
class HostingTest {
    private static final String RESOURCES = "src/main/resources";
    private static final Pattern INLINE = Pattern.compile(
            "<script\\b|<style\\b|\\sstyle\\s*=|\\son[a-z]+\\s*=|javascript:", Pattern.CASE_INSENSITIVE);

    @Test
    void thePomSaysWhatThePluginIsAndWhereItLives() throws Exception {
        Pom pom = new Pom();
        assertThat(pom.text("groupId"), is("io.jenkins.plugins"));
        assertThat(pom.text("artifactId"), matchesPattern("[a-z][a-z0-9-]*"));
        assertThat(pom.text("packaging"), is("hpi"));
        for (String name : List.of(pom.text("artifactId"), pom.text("name").toLowerCase(Locale.ROOT))) {
            assertThat(name, not(containsString("jenkins")));
            assertThat(name, not(containsString("plugin")));
        }
        assertThat(pom.text("licenses/license/name"), is("MIT License"));
        assertThat(pom.text("licenses/license/url"), startsWith("https://"));
        String home = "https://github.com/jenkinsci/" + pom.text("artifactId") + "-plugin";
        assertThat(pom.text("url"), is(home));
        assertThat(pom.text("scm/url"), is(home));
        assertThat(pom.text("scm/connection"), is("scm:git:" + home + ".git"));
        assertThat(pom.text("scm/tag"), is("${scmTag}"));
        assertThat(pom.text("repositories/repository/url"), is("https://repo.jenkins-ci.org/public/"));
    }

    @Test
    void everyLibraryComesFromAnotherPlugin() throws Exception {
        Pom pom = new Pom();
        List<String> groups = pom.texts("dependencies/dependency[not(scope)]/groupId");
        assertThat(groups, is(not(empty())));
        for (String group : groups) {
            assertThat(group, matchesPattern("org\\.jenkins-ci\\.plugins(\\.workflow)?|io\\.jenkins\\.plugins"));
        }
        assertThat(pom.texts("dependencies/dependency/scope[. != 'test']"), is(empty()));
        assertThat(pom.text("properties/hpi.strictBundledArtifacts"), is("true"));
    }

    @Test
    void theBuildOfTheJenkinsProjectIsAskedFor() throws IOException {
        String jenkinsfile = Repository.read("Jenkinsfile");
        assertThat(jenkinsfile, containsString("buildPlugin("));
        assertThat(Repository.found(jenkinsfile, "jdk: (\\d+)"), containsInAnyOrder("21", "25"));
        assertThat(Repository.read(".gitignore").lines().toList(), hasItem("target"));
        assertThat(Repository.read(".gitignore").lines().toList(), hasItem("work"));
    }

    @Test
    void licenceOwnersScanReleaseAndUpdatesAreThere() throws IOException {
        assertThat(Repository.read("LICENSE.md"), containsString("MIT License"));
        assertThat(Repository.read("README.md"), startsWith("# Mender"));
        assertThat(Repository.read(".github/CODEOWNERS").strip(), is("* @jenkinsci/mender-plugin-developers"));
        assertThat(
                Repository.read(".github/workflows/jenkins-security-scan.yml"),
                containsString("uses: jenkins-infra/jenkins-security-scan/"));
        assertThat(
                Repository.read(".github/workflows/cd.yaml"),
                containsString("uses: jenkins-infra/github-reusable-workflows/.github/workflows/maven-cd.yml@"));
        assertThat(Repository.read(".github/renovate.json"), containsString("github>jenkinsci/renovate-config"));
        assertThat(Files.exists(Repository.path(RESOURCES + "/index.jelly")), is(true));
    }

    @Test
    void viewsEscapeByDefaultAndHoldNeitherScriptNorStyle() throws IOException {
        List<Path> views = Repository.files(RESOURCES, ".jelly");
        assertThat(views, is(not(empty())));
        for (Path view : views) {
            String text = Files.readString(view);
            assertThat(view.toString(), text, startsWith("<?jelly escape-by-default='true'?>"));
            assertThat(
                    view.toString(),
                    INLINE.matcher(text).results().map(MatchResult::group).toList(),
                    is(empty()));
        }
    }

    @Test
    void everyFieldOfAFormHasAHelp() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path form : Repository.files(RESOURCES, "config.jelly")) {
            for (String field : Repository.found(Files.readString(form), "\\bfield=\"(\\w+)\"")) {
                if (!Files.exists(form.resolveSibling("help-" + field + ".html"))) {
                    missing.add(form + ": " + field);
                }
            }
        }
        assertThat(missing, is(empty()));
    }
}
