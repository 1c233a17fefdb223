package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import hudson.ExtensionList;
import hudson.model.Items;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.mender.config.ConfiguredServer;
import io.jenkins.plugins.mender.config.MenderConfiguration;
import io.jenkins.plugins.mender.config.ProxyRoute;
import io.jenkins.plugins.mender.simulator.CertificateAuthority;
import java.util.List;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The section under Manage Jenkins > System keeps what it is given and says what is wrong with it. */
@WithJenkins
class AdministrationTest {
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.root("Example Root");

    @Test
    void theFormKeepsEverything(JenkinsRule rule) throws Exception {
        new MenderJenkins(rule, null).storeToken("mender-pat", "a-token");
        ConfiguredServer own = Administration.server("lab", "https://lab.example.com/", "mender-pat", AUTHORITY.pem());
        own.setCertificatesCredentialsId("mender-pat");
        own.setProxy(ProxyRoute.NONE);
        own.setSkipCertificateCheck(true);
        ConfiguredServer hosted = new ConfiguredServer("production", "https://eu.hosted.mender.io");
        Administration.configure(own, hosted);
        MenderConfiguration.get().setDefaultServer("production");
        MenderConfiguration.get().setOnlyConfiguredServers(true);
        rule.configRoundtrip();
        MenderConfiguration saved = new MenderConfiguration();
        for (MenderConfiguration kept : List.of(MenderConfiguration.get(), saved)) {
            assertThat(kept.getServers(), hasSize(2));
            rule.assertEqualDataBoundBeans(own, kept.getServers().get(0));
            rule.assertEqualDataBoundBeans(hosted, kept.getServers().get(1));
            assertThat(kept.getDefaultServer(), is("production"));
            assertThat(kept.isOnlyConfiguredServers(), is(true));
        }
        Administration.configure();
        MenderConfiguration.get().setDefaultServer(null);
        rule.configRoundtrip();
        assertThat(MenderConfiguration.get().getServers(), is(empty()));
        assertThat(MenderConfiguration.get().getDefaultServer(), is(nullValue()));
    }

    @Test
    void aRemovedServerIsGone(JenkinsRule rule) throws Exception {
        Administration.configure(new ConfiguredServer("lab", "https://lab.example.com"));
        HtmlPage page = rule.createWebClient().goTo("configure");
        HtmlForm form = page.getFormByName("config");
        HtmlElement delete =
                form.getFirstByXPath(".//div[@name='servers']//button[contains(@class,'repeatable-delete')]");
        delete.click();
        rule.submit(form);
        assertThat(MenderConfiguration.get().getServers(), is(empty()));
    }

    @Test
    void twoServersOfOneNameAreRefused(JenkinsRule rule) throws Exception {
        Administration.configure(
                new ConfiguredServer("lab", "https://one.example.com"),
                new ConfiguredServer("other", "https://two.example.com"));
        JenkinsRule.WebClient client = rule.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        HtmlForm form = client.goTo("configure").getFormByName("config");
        List<HtmlInput> names = form.getByXPath(".//div[@name='servers']//input[@name='_.name']");
        names.get(1).setValue("lab");
        assertThat(
                rule.submit(form).getWebResponse().getContentAsString(),
                containsString("There are two Mender Servers named"));
        assertThat(MenderConfiguration.get().getServers().get(1).getName(), is("other"));
    }

    @Test
    void whatIsTypedIsChecked(JenkinsRule rule) throws Exception {
        ConfiguredServer.DescriptorImpl form = ExtensionList.lookupSingleton(ConfiguredServer.DescriptorImpl.class);
        assertThat(
                form.doCheckName(" ", "https://lab.example.com").getMessage(),
                containsString("&#039;Name&#039; is empty"));
        assertThat(form.doCheckName("lab", "").kind, is(FormValidation.Kind.OK));
        assertThat(form.doFillUrlItems(), contains("https://hosted.mender.io", "https://eu.hosted.mender.io"));
        assertThat(form.doCheckUrl("lab.example.com", "lab").getMessage(), containsString("is no URL"));
        assertThat(form.doCheckUrl("http://lab.example.com", "lab").kind, is(FormValidation.Kind.WARNING));
        assertThat(form.doCheckUrl("https://lab.example.com", "lab").kind, is(FormValidation.Kind.OK));
        assertThat(
                form.doCheckCredentialsId("no-such", "https://lab.example.com").getMessage(),
                containsString("There are no credentials"));
        assertThat(form.doCheckCredentialsId("", "https://lab.example.com").kind, is(FormValidation.Kind.OK));
        assertThat(form.doCheckCertificates("").kind, is(FormValidation.Kind.OK));
        assertThat(form.doCheckCertificates("text").getMessage(), containsString("There is no certificate"));
        assertThat(
                form.doCheckCertificates(AUTHORITY.pem()).renderHtml(), containsString("CN=Example Root, valid to 20"));
        String evil = CertificateAuthority.root("<b>Root").pem();
        assertThat(form.doCheckCertificates(evil).renderHtml(), not(containsString("<b>")));
        assertThat(form.doCheckSkipCertificateCheck(true).kind, is(FormValidation.Kind.WARNING));
        assertThat(form.doFillProxyItems(), hasSize(3));
        MenderConfiguration section = MenderConfiguration.get();
        Administration.configure(new ConfiguredServer("lab", "https://lab.example.com"));
        assertThat(section.doCheckDefaultServer("lab").kind, is(FormValidation.Kind.OK));
        assertThat(section.doCheckDefaultServer("other").kind, is(FormValidation.Kind.WARNING));
        assertThat(names(section.doFillDefaultServerItems(null)), contains("The only one: lab", "lab"));
        assertThat(names(section.doFillDefaultServerItems("gone")), contains("The only one: lab", "lab", "gone"));
    }

    private static List<String> names(ListBoxModel list) {
        return list.stream().map(option -> option.name).toList();
    }

    /** Nobody is told of three mistakes before the first key was pressed. */
    @Test
    void aServerThatWasJustAddedHasNoMistakes(JenkinsRule rule) {
        ConfiguredServer.DescriptorImpl form = ExtensionList.lookupSingleton(ConfiguredServer.DescriptorImpl.class);
        assertThat(form.doCheckName("", "").kind, is(FormValidation.Kind.OK));
        assertThat(form.doCheckUrl("", "").kind, is(FormValidation.Kind.OK));
        assertThat(form.doCheckUrl("", "lab").kind, is(FormValidation.Kind.ERROR));
    }

    @Test
    void jobsOfTheFirstVersionAreReadAsTheyWere(JenkinsRule rule) throws Exception {
        MenderUploadBuilder old = (MenderUploadBuilder) Items.XSTREAM2.fromXML("""
                <io.jenkins.plugins.mender.MenderUploadBuilder plugin="mender@1">
                  <settings>
                    <artifact>build/*.mender</artifact>
                    <serverUrl>https://eu.hosted.mender.io</serverUrl>
                    <credentialsId>mender-pat</credentialsId>
                    <description>some text</description>
                  </settings>
                </io.jenkins.plugins.mender.MenderUploadBuilder>
                """);
        assertThat(old.getServer(), is(nullValue()));
        assertThat(old.getArtifact(), is("build/*.mender"));
        assertThat(old.getServerUrl(), is("https://eu.hosted.mender.io"));
        assertThat(old.getCredentialsId(), is("mender-pat"));
        assertThat(old.getIfExists(), is("fail"));
        MenderUploadBuilder kept = rule.configRoundtrip(old);
        assertThat(kept.getServer(), is(nullValue()));
        assertThat(kept.getServerUrl(), is("https://eu.hosted.mender.io"));
        MenderConfiguration without = new MenderConfiguration();
        assertThat(without.getServers(), is(empty()));
        assertThat(without.isOnlyConfiguredServers(), is(false));
    }

    @Test
    void theJobsFormKeepsTheServerAndOffersTheConfiguredOnes(JenkinsRule rule) throws Exception {
        Administration.configure(
                new ConfiguredServer("lab", "https://lab.example.com"),
                new ConfiguredServer("production", "https://eu.hosted.mender.io"));
        MenderConfiguration.get().setDefaultServer("lab");
        MenderUploadBuilder builder = new MenderUploadBuilder("a.mender");
        builder.setServer("production");
        assertThat(rule.configRoundtrip(builder).getServer(), is("production"));
        builder.setServer("gone");
        assertThat(rule.configRoundtrip(builder).getServer(), is("gone"));
        builder.setServer(null);
        assertThat(rule.configRoundtrip(builder).getServer(), is(nullValue()));
        MenderUploadStep.DescriptorImpl form = ExtensionList.lookupSingleton(MenderUploadStep.DescriptorImpl.class);
        assertThat(form.doFillServerItems(null, "").get(0).name, is("Default: lab"));
        assertThat(form.doCheckServerUrl(null, "", "", "a.mender", "").kind, is(FormValidation.Kind.OK));
        assertThat(
                form.doCheckServerUrl(null, "", "gone", "", "").getMessage(),
                containsString("Configured are: lab, production."));
        MenderConfiguration.get().setOnlyConfiguredServers(true);
        assertThat(
                form.doCheckServerUrl(null, "https://x.example.com", "", "", "").getMessage(),
                containsString("Jobs may not use https://x.example.com"));
        assertThat(
                form.doCheckServerUrl(null, "https://x.example.com", "${WHICH}", "", "").kind,
                is(FormValidation.Kind.OK));
    }
}
