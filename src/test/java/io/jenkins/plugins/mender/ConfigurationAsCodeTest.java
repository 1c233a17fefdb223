package io.jenkins.plugins.mender;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.yaml.YamlSource;
import io.jenkins.plugins.mender.config.ConfiguredServer;
import io.jenkins.plugins.mender.config.MenderConfiguration;
import io.jenkins.plugins.mender.config.ProxyRoute;
import io.jenkins.plugins.mender.repository.MarkdownPage;
import io.jenkins.plugins.mender.repository.MarkdownPage.Example;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Servers as code: the documents' example is loaded, exported, and loaded again. */
@WithJenkins
class ConfigurationAsCodeTest {
    @Test
    void theExampleOfTheReadmeIsLoadedAndExported(JenkinsRule rule) throws Exception {
        loadExample();
        assertExample();

        String exported = export();
        Administration.configure();
        MenderConfiguration.get().setDefaultServer(null);
        MenderConfiguration.get().setOnlyConfiguredServers(false);
        load("unclassified:\n" + section(exported));
        assertExample();
        assertThat(section(export()), is(section(exported)));
    }

    @Test
    void whatIsLoadedIsSaved(JenkinsRule rule) throws Exception {
        load("unclassified:\n  mender:\n    servers:\n    - name: least\n      url: https://m.example.com\n");
        ConfiguredServer saved = new MenderConfiguration().getServers().get(0);
        assertThat(saved.getName(), is("least"));
        assertThat(saved.getUrl(), is("https://m.example.com"));
        assertThat(saved.getCredentialsId(), is(nullValue()));
        assertThat(saved.getProxy(), is(ProxyRoute.JENKINS));
        assertThat(section(export()), not(containsString("null")));
    }

    private static void assertExample() {
        MenderConfiguration configuration = MenderConfiguration.get();
        assertThat(configuration.getDefaultServer(), is("production"));
        assertThat(configuration.isOnlyConfiguredServers(), is(true));
        List<ConfiguredServer> servers = configuration.getServers();
        assertThat(servers.size(), is(2));
        ConfiguredServer hosted = servers.get(0);
        assertThat(hosted.getName(), is("production"));
        assertThat(hosted.getUrl(), is("https://eu.hosted.mender.io"));
        assertThat(hosted.getCredentialsId(), is("mender-pat"));
        assertThat(hosted.getProxy(), is(ProxyRoute.JENKINS));
        assertThat(hosted.isRenewTokens(), is(true));
        assertThat(hosted.getRenewTokensDaysBeforeExpiry(), is(40));
        assertThat(hosted.getTokenLifetimeDays(), is(180));
        ConfiguredServer own = servers.get(1);
        assertThat(own.getName(), is("lab"));
        assertThat(own.getProxy(), is(ProxyRoute.NONE));
        assertThat(own.getCertificates(), startsWith("-----BEGIN CERTIFICATE-----"));
        assertThat(own.isSkipCertificateCheck(), is(false));
        assertThat(own.isRenewTokens(), is(false));
        assertThat(own.getRenewTokensDaysBeforeExpiry(), is(30));
        assertThat(own.getTokenLifetimeDays(), is(365));
    }

    /** Loads the example of the documents. */
    static void loadExample() throws Exception {
        List<Example> examples = MarkdownPage.of("docs/servers.md").examples().stream()
                .filter(example -> example.language().equals("yaml"))
                .toList();
        assertThat(examples, hasSize(1));
        load(examples.get(0).text());
    }

    private static void load(String yaml) {
        ConfigurationAsCode.get()
                .configureWith(YamlSource.of(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))));
    }

    private static String export() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** {@return the lines of {@code mender:} below {@code unclassified:}} */
    private static String section(String exported) {
        Matcher section = Pattern.compile("(?m)^  mender:\n(?:    .*\n|\n)*").matcher(exported);
        assertThat(exported, section.find(), is(true));
        return section.group();
    }
}
