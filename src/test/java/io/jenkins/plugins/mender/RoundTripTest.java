package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.AbstractProject;
import hudson.model.FreeStyleProject;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import java.util.List;
import javaposse.jobdsl.plugin.ExecuteDslScripts;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.kohsuke.stapler.DataBoundConstructor;

/** Step and build step keep what they are given, in the form and as code, and say nothing where they were given nothing. */
@WithJenkins
class RoundTripTest {
    private static final String EVERY_PARAMETER = """
            freeStyleJob('created') {
                steps {
                    menderUploadBuilder {
                        artifact('a.mender, b/*.mender')
                        server('production')
                        serverUrl('https://mender.example.com')
                        credentialsId('mender-pat')
                        description('by ${BUILD_TAG}')
                        ifExists('replace')
                        verify('full')
                        maxAttempts(2)
                        stallTimeout(30)
                        dryRun(true)
                        tags(['ci', 'nightly'])
                        notes('of the night')
                    }
                }
            }
            """;

    @Test
    void theBuildStepsFormKeepsEveryParameter(JenkinsRule rule) throws Exception {
        MenderUploadBuilder given = builder();
        rule.assertEqualDataBoundBeans(given, rule.configRoundtrip(given));
    }

    @Test
    void theBuildStepsFormKeepsTheDefaults(JenkinsRule rule) throws Exception {
        MenderUploadBuilder kept = rule.configRoundtrip(new MenderUploadBuilder("a.mender"));
        rule.assertEqualDataBoundBeans(new MenderUploadBuilder("a.mender"), kept);
        assertThat(kept.getServer(), is(nullValue()));
        assertThat(kept.getServerUrl(), is(nullValue()));
        assertThat(kept.getCredentialsId(), is(nullValue()));
        assertThat(kept.getDescription(), is(nullValue()));
        assertThat(kept.getIfExists(), is("fail"));
        assertThat(kept.getVerify(), is("structure"));
        assertThat(kept.getMaxAttempts(), is(5));
        assertThat(kept.getStallTimeout(), is(60));
        assertThat(kept.isDryRun(), is(false));
    }

    @Test
    void theStepsFormKeepsEveryParameter(JenkinsRule rule) throws Exception {
        MenderUploadStep given = new MenderUploadStep("a.mender, b/*.mender");
        given.setServer("production");
        given.setServerUrl("https://mender.example.com");
        given.setCredentialsId("mender-pat");
        given.setDescription("by ${BUILD_TAG}");
        given.setIfExists("replace");
        given.setVerify("full");
        given.setMaxAttempts(2);
        given.setStallTimeout(30);
        given.setDryRun(true);
        given.setTags(List.of("ci", "nightly"));
        given.setNotes("of the night");
        MenderUploadStep kept =
                rule.configRoundtrip(new StepHolder(given, null)).getStep();
        rule.assertEqualDataBoundBeans(given, kept);
    }

    @Test
    void theStepsFormKeepsTheDefaults(JenkinsRule rule) throws Exception {
        MenderUploadStep given = new MenderUploadStep("a.mender");
        MenderUploadStep kept =
                rule.configRoundtrip(new StepHolder(given, null)).getStep();
        rule.assertEqualDataBoundBeans(given, kept);
    }

    @Test
    void theFormOfDeploymentsKeepsEveryParameter(JenkinsRule rule) throws Exception {
        MenderDeployStep given = new MenderDeployStep();
        given.setGroup("canary");
        given.setDevices(List.of("75c0a6b3-20a5-4037-bdc6-461a72985291", "e7e4623c-64bb-48b5-9998-b90062446af8"));
        given.setAllDevices(true);
        given.setArtifact("release-1");
        given.setServer("production");
        given.setServerUrl("https://mender.example.com");
        given.setCredentialsId("mender-pat");
        given.setName("nightly");
        given.setDeployment("75c0a6b3-20a5-4037-bdc6-461a72985291");
        given.setForce(true);
        given.setWait(false);
        given.setMinSuccess("95%");
        given.setMaxFailures(3);
        given.setOnFailure("leave");
        given.setTimeout(30);
        given.setOnTimeout("accept");
        given.setUnstableOnFailure(true);
        StepHolder holder = new StepHolder(null, given);
        rule.assertEqualDataBoundBeans(given, rule.configRoundtrip(holder).getDeployment());
    }

    @Test
    void theFormOfDeploymentsKeepsTheDefaults(JenkinsRule rule) throws Exception {
        MenderDeployStep given = new MenderDeployStep();
        StepHolder holder = new StepHolder(null, given);
        rule.assertEqualDataBoundBeans(given, rule.configRoundtrip(holder).getDeployment());
    }

    @Test
    void jobDslKnowsEveryParameter(JenkinsRule rule) throws Exception {
        ExecuteDslScripts dsl = new ExecuteDslScripts();
        dsl.setScriptText(EVERY_PARAMETER);
        FreeStyleProject seed = rule.createFreeStyleProject("seed");
        seed.getBuildersList().add(dsl);
        rule.buildAndAssertSuccess(seed);
        FreeStyleProject created = rule.jenkins.getItemByFullName("created", FreeStyleProject.class);
        rule.assertEqualDataBoundBeans(builder(), created.getBuildersList().get(MenderUploadBuilder.class));
    }

    @Test
    void stepAndBuildStepHaveTheSameParameters(JenkinsRule rule) {
        assertThat(parameters(MenderUploadBuilder.class), is(parameters(MenderUploadStep.class)));
        assertThat(
                parameters(MenderUploadStep.class),
                containsInAnyOrder(
                        "artifact",
                        "server",
                        "serverUrl",
                        "credentialsId",
                        "description",
                        "ifExists",
                        "verify",
                        "maxAttempts",
                        "stallTimeout",
                        "dryRun",
                        "tags",
                        "notes"));
    }

    /** {@return the names of the parameters that users can give} */
    static List<String> parameters(Class<?> kind) {
        return DescribableModel.of(kind).getParameters().stream()
                .map(DescribableParameter::getName)
                .toList();
    }

    private static MenderUploadBuilder builder() {
        MenderUploadBuilder builder =
                MenderJenkins.builder("a.mender, b/*.mender", "https://mender.example.com", "mender-pat");
        builder.setServer("production");
        builder.setDescription("by ${BUILD_TAG}");
        builder.setIfExists("replace");
        builder.setVerify("full");
        builder.setMaxAttempts(2);
        builder.setStallTimeout(30);
        builder.setDryRun(true);
        builder.setTags(List.of("ci", "nightly"));
        builder.setNotes("of the night");
        return builder;
    }

    /** A build step whose form is that of one of the two Pipeline steps, so that it can be filled in and sent. */
    public static final class StepHolder extends Builder {
        private final MenderUploadStep step;
        private final MenderDeployStep deployment;

        @DataBoundConstructor
        public StepHolder(MenderUploadStep step, MenderDeployStep deployment) {
            this.step = step;
            this.deployment = deployment;
        }

        public MenderDeployStep getDeployment() {
            return deployment;
        }

        public MenderUploadStep getStep() {
            return step;
        }

        @TestExtension
        public static final class DescriptorImpl extends BuildStepDescriptor<Builder> {
            @Override
            @SuppressWarnings("rawtypes")
            public boolean isApplicable(@NonNull Class<? extends AbstractProject> jobType) {
                return true;
            }
        }
    }
}
