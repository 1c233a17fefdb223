package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.cloudbees.plugins.credentials.CredentialsParameterDefinition;
import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.Cause;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.ModelObject;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.PasswordParameterDefinition;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.tasks.BuildWrapper;
import hudson.tasks.BuildWrapperDescriptor;
import hudson.util.Secret;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockFolder;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What people put into parameters: variables that hold secrets, parameters that choose credentials, tokens in place of their id. */
@WithJenkins
class SecretsInParametersTest {
    private static final String SECRET = "the-secret-of-somebody";

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private String description() {
        return server.artifacts().get(0).description();
    }

    @Test
    void aPipelinesArgumentsAreTakenAsTheyAre(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        WorkflowJob job = jenkins.pipeline(
                "built-in",
                "withEnv(['SIGN_KEY=" + SECRET + "']) { menderUpload artifact: 'build/*.mender', serverUrl: '"
                        + server.url()
                        + "', credentialsId: 'mender-pat', description: 'Fix ${SIGN_KEY} of $BUILD_NUMBER for $$5' }");
        MenderJenkins.place(rule.jenkins, job, "rootfs-none.mender");
        jenkins.build(job, Result.SUCCESS);
        assertThat(description(), is("Fix ${SIGN_KEY} of $BUILD_NUMBER for $$5"));
    }

    /** Groovy has replaced variables where a Pipeline calls the build step. */
    @Test
    void soAreThoseOfTheBuildStepInAPipeline(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        WorkflowJob job = jenkins.pipeline(
                "built-in",
                "step([$class: 'MenderUploadBuilder', artifact: 'build/*.mender', serverUrl: '" + server.url()
                        + "', credentialsId: 'mender-pat', description: 'Fix ${BUILD_NUMBER}'])");
        MenderJenkins.place(rule.jenkins, job, "rootfs-none.mender");
        jenkins.build(job, Result.SUCCESS);
        assertThat(description(), is("Fix ${BUILD_NUMBER}"));
    }

    @Test
    void aPasswordParameterIsNoTextForTheServer(JenkinsRule rule) throws Exception {
        FreeStyleProject job = freestyle(rule, "Fix ${SIGN_KEY} of ${BUILD_NUMBER}");
        job.addProperty(new ParametersDefinitionProperty(
                new PasswordParameterDefinition("SIGN_KEY", Secret.fromString(SECRET), "")));
        String log = JenkinsRule.getLog(rule.buildAndAssertSuccess(job));
        assertThat(description(), is("Fix ${SIGN_KEY} of 1"));
        assertThat(log, containsString("[Mender] The variable 'SIGN_KEY' holds a secret: it is not replaced"));
    }

    @Test
    void aBoundSecretIsNoTextForTheServer(JenkinsRule rule) throws Exception {
        FreeStyleProject job = freestyle(rule, "Fix $SIGN_KEY of $BUILD_NUMBER");
        job.getBuildWrappersList().add(new Binding());
        String log = JenkinsRule.getLog(rule.buildAndAssertSuccess(job));
        assertThat(description(), is("Fix $SIGN_KEY of 1"));
        assertThat(log, containsString("[Mender] The variable 'SIGN_KEY' holds a secret: it is not replaced"));
        assertThat(log, not(containsString(SECRET)));
    }

    /** As the plugin credentials-binding binds secrets to variables. */
    public static final class Binding extends BuildWrapper {
        @Override
        public Environment setUp(AbstractBuild build, Launcher launcher, BuildListener listener) {
            return new Environment() {
                @Override
                public void buildEnvVars(Map<String, String> variables) {
                    variables.put("SIGN_KEY", SECRET);
                }
            };
        }

        @Override
        public void makeSensitiveBuildVariables(AbstractBuild build, Set<String> sensitiveVariables) {
            sensitiveVariables.add("SIGN_KEY");
        }

        /** Jenkins wants one of each. */
        @TestExtension
        public static final class DescriptorImpl extends BuildWrapperDescriptor {
            @Override
            public boolean isApplicable(AbstractProject<?, ?> job) {
                return true;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aParameterChoosesTheUsersOwnCredentials(boolean freestyle, JenkinsRule rule) throws Exception {
        protect(rule);
        Job<?, ?> job = jobWithParameter(rule, rule.jenkins, freestyle);
        User builder = User.getById("builder", true);
        store(builder, "own-pat", server.token());
        assertThat(
                JenkinsRule.getLog(build(rule, job, builder, "own-pat", Result.SUCCESS)), containsString("HTTP 201"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoMayNotUseCredentialsGetsNoneByAParameter(boolean freestyle, JenkinsRule rule) throws Exception {
        protect(rule);
        MockFolder folder = rule.createFolder("folder");
        Job<?, ?> job = jobWithParameter(rule, folder, freestyle);
        MenderJenkins.store(
                new StringCredentialsImpl(CredentialsScope.GLOBAL, "team-pat", "", Secret.fromString(server.token())));
        User builder = User.getById("builder", true);
        Run<?, ?> refused = build(rule, job, builder, "team-pat", Result.FAILURE);
        assertThat(JenkinsRule.getLog(refused), containsString("that this job may use"));
        User owner = User.getById("owner", true);
        assertThat(JenkinsRule.getLog(build(rule, job, owner, "team-pat", Result.SUCCESS)), containsString("HTTP 201"));
    }

    private static void protect(JenkinsRule rule) {
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        rule.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ, Item.BUILD, CredentialsProvider.USE_OWN)
                .everywhere()
                .to("builder", "owner")
                .grant(CredentialsProvider.USE_ITEM)
                .everywhere()
                .to("owner"));
    }

    private Job<?, ?> jobWithParameter(JenkinsRule rule, ModelObject where, boolean freestyle) throws Exception {
        String call = "menderUpload artifact: 'build/*.mender', ifExists: 'reuse', serverUrl: '" + server.url()
                + "', credentialsId: '${CREDS}'";
        Job<?, ?> job;
        if (freestyle) {
            FreeStyleProject project = where instanceof MockFolder folder
                    ? folder.createProject(FreeStyleProject.class, "job")
                    : rule.createFreeStyleProject("job");
            MenderUploadBuilder builder = MenderJenkins.builder("build/*.mender", server.url(), "${CREDS}");
            builder.setIfExists("reuse");
            project.getBuildersList().add(builder);
            MenderJenkins.place(rule.jenkins, project, "rootfs-none.mender");
            job = project;
        } else {
            WorkflowJob pipeline = where instanceof MockFolder folder
                    ? folder.createProject(WorkflowJob.class, "job")
                    : rule.createProject(WorkflowJob.class, "job");
            pipeline.setDefinition(
                    new org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition("node {\n" + call + "\n}", true));
            MenderJenkins.place(rule.jenkins, pipeline, "rootfs-none.mender");
            job = pipeline;
        }
        job.addProperty(new ParametersDefinitionProperty(
                new CredentialsParameterDefinition("CREDS", "", null, StandardCredentials.class.getName(), false)));
        return job;
    }

    private static void store(User user, String id, String token) throws Exception {
        try (ACLContext as = ACL.as2(user.impersonate2())) {
            for (CredentialsStore store : CredentialsProvider.lookupStores(user)) {
                if (store.getContext() == user) {
                    store.addCredentials(
                            Domain.global(),
                            new StringCredentialsImpl(CredentialsScope.USER, id, "", Secret.fromString(token)));
                }
            }
        }
    }

    private static Run<?, ?> build(JenkinsRule rule, Job<?, ?> job, User user, String id, Result expected)
            throws Exception {
        try (ACLContext as = ACL.as2(user.impersonate2())) {
            Cause cause = new Cause.UserIdCause();
            ParametersAction parameters = new ParametersAction(new CredentialsParameterValue("CREDS", id, "", false));
            Run<?, ?> run = (Run<?, ?>)
                    new ParameterizedJobMixIn() {
                        @Override
                        protected Job<?, ?> asJob() {
                            return job;
                        }
                    }.scheduleBuild2(0, new hudson.model.CauseAction(cause), parameters)
                            .get();
            return rule.assertBuildStatus(expected, run);
        }
    }

    @Test
    void aTokenInPlaceOfItsIdIsRepeatedNowhere(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        String token = server.token();
        for (String step :
                List.of("menderUpload artifact: 'build/*.mender'", "menderDeploy allDevices: true, artifact: 'a'")) {
            WorkflowJob pipeline = jenkins.pipeline(
                    "built-in", step + ", serverUrl: '" + server.url() + "', credentialsId: readFile('token').trim()");
            FilePath file = MenderJenkins.workspace(rule.jenkins, pipeline).child("token");
            file.write(token + "\n", "UTF-8");
            MenderJenkins.place(rule.jenkins, pipeline, "rootfs-none.mender");
            assertThat(
                    jenkins.log(jenkins.build(pipeline, Result.FAILURE)),
                    containsString("ERROR: 'Credentials' holds a token: give the ID of the credentials that hold it"));
            file.delete();
        }
        FreeStyleProject job = jenkins.freestyle(
                rule.jenkins, MenderJenkins.builder("build/*.mender", server.url(), " \"" + token + "\" "));
        MenderJenkins.place(rule.jenkins, job, "rootfs-none.mender");
        rule.configRoundtrip(job);
        assertThat(jenkins.log(jenkins.build(job, Result.FAILURE)), containsString("'Credentials' holds a token"));
        assertThat(TokenSecrecyTest.filesWith(rule.jenkins.getRootDir().toPath(), token), is(empty()));
        assertThat(server.uploads(), is(empty()));
        assertThat(
                MenderJenkins.post(
                        rule,
                        job.getUrl() + "descriptorByName/io.jenkins.plugins.mender.MenderUploadStep/checkCredentialsId",
                        "value",
                        token),
                containsString("holds a token"));
    }

    @Test
    void aTokenIsFoundInWhatIsAroundIt(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = new MenderJenkins(rule, server);
        int number = 0;
        for (String form : List.of(
                "\"%s\"", "'%s'", "%s\\n", "\"%s\\r\\n\"", "Bearer %s", "Authorization: Bearer %s", " %s \n\n")) {
            String id = "token-" + ++number;
            jenkins.storeToken(id, form.formatted(server.token()));
            assertThat(form, build(jenkins, id, Result.SUCCESS), containsString("HTTP 201"));
            server.clear();
        }
    }

    @Test
    void whatIsNoTokenIsNotSent(JenkinsRule rule) throws Exception {
        MenderJenkins jenkins = new MenderJenkins(rule, server);
        int number = 0;
        for (String stored : List.of("{\"error\": \"unauthorized\"}", "[\"a\"]", "two words")) {
            String id = "token-" + ++number;
            jenkins.storeToken(id, stored);
            assertThat(stored, build(jenkins, id, Result.FAILURE), containsString("hold no token"));
        }
        assertThat(server.exchanges(), is(empty()));
    }

    private String build(MenderJenkins jenkins, String credentialsId, Result expected) throws Exception {
        FreeStyleProject job = jenkins.freestyle(
                jenkins.rule.jenkins, MenderJenkins.builder("build/*.mender", server.url(), credentialsId));
        MenderJenkins.place(jenkins.rule.jenkins, job, "rootfs-none.mender");
        return jenkins.log(jenkins.build(job, expected));
    }

    private FreeStyleProject freestyle(JenkinsRule rule, String description) throws Exception {
        MenderJenkins jenkins = MenderJenkins.withToken(rule, server);
        MenderUploadBuilder builder = jenkins.builder("build/*.mender");
        builder.setDescription(description);
        FreeStyleProject job = jenkins.freestyle(rule.jenkins, builder);
        MenderJenkins.place(rule.jenkins, job, "rootfs-none.mender");
        return job;
    }
}
