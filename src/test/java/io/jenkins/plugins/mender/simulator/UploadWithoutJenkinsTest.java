package io.jenkins.plugins.mender.simulator;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command that uploads to one's own server without Jenkins: its log, its exit code, and what it says to bad settings. */
class UploadWithoutJenkinsTest {
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.root("Example Root");

    @TempDir
    private Path folder;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1, AUTHORITY.server());

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, String> settings = new HashMap<>();

    @Test
    void severalFilesGoToAServerWithAPrivateAuthority() throws Exception {
        Path certificates = Files.writeString(folder.resolve("ca.pem"), AUTHORITY.pem());
        Path one = ArtifactBuilder.recorded("rootfs-gzip.mender", folder);
        Path two = ArtifactBuilder.recorded("module-two-devices.mender", folder);
        settings.put("mender.url", server.url());
        settings.put("mender.artifact", one + ", " + two);
        settings.put("mender.certificates", certificates.toString());
        assertThat(run(), is(0));
        assertThat(server.artifacts(), hasSize(2));
        assertThat(told(), containsString("HTTP 201 Created"));
        assertThat(run(), is(1));
        assertThat(told(), containsString("ERROR: "));
        settings.put("mender.ifExists", "reuse");
        assertThat(run(), is(0));
        assertThat(server.artifacts(), hasSize(2));
    }

    @Test
    void withoutSettingsTheSimulatedServerIsUsed() throws Exception {
        assertThat(run(), is(0));
        assertThat(told(), containsString("The server holds 1 Artifact."));
    }

    @ParameterizedTest
    @CsvSource({
        "mender.url, hosted, is no address of a Mender Server",
        "mender.artifact, missing.mender, there is no file \"missing.mender\"",
        "mender.ifExists, perhaps, 'fail, reuse or replace, not perhaps'",
        "mender.certificates, missing.pem, no readable file of certificates"
    })
    void oneLineSaysWhatIsWrongWithASetting(String name, String value, String words) throws Exception {
        settings.put("mender.url", server.url());
        settings.put(
                "mender.artifact",
                ArtifactBuilder.recorded("rootfs-gzip.mender", folder).toString());
        settings.put(name, value);
        assertThat(run(), is(1));
        assertThat(told(), containsString(words));
        assertThat(told().lines().filter(line -> line.startsWith("ERROR: ")).count(), is(1L));
    }

    @Test
    void theTokenComesFromTheEnvironmentAlone() throws Exception {
        settings.put("mender.url", server.url());
        settings.put(
                "mender.artifact",
                ArtifactBuilder.recorded("rootfs-gzip.mender", folder).toString());
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertThat(UploadWithoutJenkins.run(settings, Map.of(), print), is(1));
        assertThat(told(), containsString("environment variable MENDER_TOKEN"));
    }

    private int run() throws Exception {
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        return UploadWithoutJenkins.run(settings, Map.of("MENDER_TOKEN", server.token()), print);
    }

    private String told() {
        String told = out.toString(StandardCharsets.UTF_8);
        assertThat(told, allOf(not(containsString(server.token())), not(containsString("\tat "))));
        return told;
    }
}
