package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.HostnameSpecification;
import hudson.ExtensionList;
import hudson.model.FreeStyleProject;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The form of step and build step: what it keeps and what it says of its fields. Whom it says it to is in {@link RightsTest}. */
@WithJenkins
class UploadFormTest {
    private static final String URL = "https://eu.hosted.mender.io";
    private static final String SECRET = "the-token-itself";

    @Test
    void aPatternIsHeldAgainstTheWorkspace(JenkinsRule rule) throws Exception {
        FreeStyleProject job = rule.createFreeStyleProject();
        assertThat(form().doCheckArtifact(job, "build/*.mender", "", "", "").kind, is(FormValidation.Kind.OK));
        rule.buildAndAssertSuccess(job);
        MenderJenkins.place(rule.jenkins, job, "rootfs-gzip.mender");
        String url = job.getUrl() + "descriptorByName/" + MenderUploadStep.class.getName() + "/checkArtifact";
        assertThat(MenderJenkins.post(rule, url, "value", "build/*.mender"), not(containsString("class=")));
        assertThat(MenderJenkins.post(rule, url, "value", "./build/*.mender\n"), not(containsString("class=")));
        assertThat(MenderJenkins.post(rule, url, "value", "/opt/out/*.mender"), not(containsString("class=")));
        assertThat(MenderJenkins.post(rule, url, "value", "biuld/*.mender"), containsString("class=\"warning"));
        assertThat(MenderJenkins.post(rule, url, "value", "$KIND/*.mender"), not(containsString("class=")));
        assertThat(
                MenderJenkins.post(rule, url + "?serverUrl=" + URL, "value", " "),
                containsString("Artifact&#039; is empty"));
    }

    /** Nobody is told of three mistakes before the first key was pressed. */
    @Test
    void aStepThatWasJustAddedHasNoMistakes(JenkinsRule rule) throws Exception {
        FreeStyleProject job = rule.createFreeStyleProject();
        assertThat(form().doCheckArtifact(job, "", "", "", "").kind, is(FormValidation.Kind.OK));
        assertThat(form().doCheckServerUrl(job, "", "", "", "").kind, is(FormValidation.Kind.OK));
        assertThat(form().doCheckCredentialsId(job, "", "", "", "").kind, is(FormValidation.Kind.OK));
        assertThat(form().doCheckArtifact(job, "", "", URL, "").kind, is(FormValidation.Kind.ERROR));
        assertThat(form().doCheckServerUrl(job, "", "", "a.mender", "").kind, is(FormValidation.Kind.ERROR));
        assertThat(form().doCheckCredentialsId(job, "", "", "", "a.mender").kind, is(FormValidation.Kind.ERROR));
    }

    @Test
    void aUrlAndNumbersAreJudged(JenkinsRule rule) throws Exception {
        FreeStyleProject job = rule.createFreeStyleProject();
        assertThat(form().doCheckServerUrl(job, URL, "", "", "").kind, is(FormValidation.Kind.OK));
        assertThat(form().doCheckServerUrl(job, "${MENDER}", "", "", "").kind, is(FormValidation.Kind.OK));
        assertThat(
                form().doCheckServerUrl(job, "http://mender.example.com", "", "", "").kind,
                is(FormValidation.Kind.WARNING));
        assertThat(form().doCheckServerUrl(job, "mender", "", "", "").getMessage(), containsString("is no URL"));
        assertThat(form().doCheckMaxAttempts("0").kind, is(FormValidation.Kind.ERROR));
        assertThat(form().doCheckStallTimeout("60").kind, is(FormValidation.Kind.OK));
    }

    @Test
    void credentialsMustExistForTheServerAndBeOfTheRightKind(JenkinsRule rule) throws Exception {
        storeCredentials();
        FreeStyleProject job = rule.createFreeStyleProject();
        assertThat(form().doCheckCredentialsId(job, "mender-pat", "", URL, "").kind, is(FormValidation.Kind.OK));
        assertThat(form().doCheckCredentialsId(job, "${TOKEN_ID}", "", URL, "").kind, is(FormValidation.Kind.OK));
        assertThat(
                form().doCheckCredentialsId(job, "", "", URL, "").getMessage(),
                containsString("&#039;Credentials&#039; is empty"));
        assertThat(
                form().doCheckCredentialsId(job, "nobody", "", URL, "").getMessage(),
                containsString("There are no credentials &#039;nobody&#039;"));
        assertThat(
                form().doCheckCredentialsId(job, "mender-file", "", URL, "").getMessage(),
                containsString("are of a kind that cannot be used"));
        assertThat(
                form().doCheckCredentialsId(job, "us-pat", "", URL, "").getMessage(),
                containsString("belong to a domain that does not include " + URL));
        assertThat(
                form().doCheckCredentialsId(job, "us-pat", "", "https://joe:s3 cret@m.example.com", "")
                        .getMessage(),
                endsWith("does not include https://…@m.example.com."));
        assertThat(
                form().doCheckCredentialsId(job, "us-pat", "", "https://hosted.mender.io", "").kind,
                is(FormValidation.Kind.OK));
    }

    @Test
    void onlyUsableCredentialsOfTheServersDomainAreListed(JenkinsRule rule) throws Exception {
        storeCredentials();
        FreeStyleProject job = rule.createFreeStyleProject();
        assertThat(values(form().doFillCredentialsIdItems(job, "", "", URL)), containsInAnyOrder("", "mender-pat"));
        assertThat(
                values(form().doFillCredentialsIdItems(job, "", "", "https://hosted.mender.io")),
                containsInAnyOrder("", "mender-pat", "us-pat"));
    }

    @Test
    void everyFieldHasHelpWithAnExampleInBothLanguages(JenkinsRule rule) throws Exception {
        for (String field : RoundTripTest.parameters(MenderUploadStep.class)) {
            String path = "descriptor/" + MenderUploadStep.class.getName() + "/help/" + field;
            assertThat(field, MenderJenkins.read(rule, "en", path), containsString("Example: "));
            String german = MenderJenkins.read(rule, "de", path);
            assertThat(field, german, containsString("Beispiel: "));
            assertThat(field, german, not(containsString("\u00c3"))); // UTF-8 that was taken for something else
        }
    }

    @Test
    void theFormOfAJobNeverShowsTheToken(JenkinsRule rule) throws Exception {
        storeCredentials();
        FreeStyleProject job = rule.createFreeStyleProject();
        job.getBuildersList().add(MenderJenkins.builder("a.mender", URL, "mender-pat"));
        String page = rule.createWebClient()
                .getPage(job, "configure")
                .getWebResponse()
                .getContentAsString();
        assertThat(page, containsString("mender-pat"));
        assertThat(page, not(containsString(SECRET)));
        String list = form().doFillCredentialsIdItems(job, "", "", URL).toString();
        assertThat(list, not(containsString(SECRET)));
    }

    private static MenderUploadStep.DescriptorImpl form() {
        return ExtensionList.lookupSingleton(MenderUploadStep.DescriptorImpl.class);
    }

    private static void storeCredentials() throws Exception {
        MenderJenkins.store(
                new StringCredentialsImpl(CredentialsScope.GLOBAL, "mender-pat", "", Secret.fromString(SECRET)));
        MenderJenkins.store(new FileCredentialsImpl(
                CredentialsScope.GLOBAL, "mender-file", "", "token.txt", SecretBytes.fromBytes(new byte[] {1})));
        SystemCredentialsProvider.getInstance()
                .getDomainCredentialsMap()
                .put(
                        new Domain("us", null, List.of(new HostnameSpecification("hosted.mender.io", null))),
                        List.of(new StringCredentialsImpl(
                                CredentialsScope.GLOBAL, "us-pat", "", Secret.fromString(SECRET))));
    }

    private static List<String> values(ListBoxModel list) {
        return list.stream().map(option -> option.value).toList();
    }
}
