package io.jenkins.plugins.mender.simulator;

import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.MenderServer.InvalidServerUrlException;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.artifact.Inspector;
import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.LocalTransport;
import io.jenkins.plugins.mender.http.TrustedCertificates;
import io.jenkins.plugins.mender.http.TrustedCertificates.InvalidCertificatesException;
import io.jenkins.plugins.mender.upload.Credential;
import io.jenkins.plugins.mender.upload.Pacing;
import io.jenkins.plugins.mender.upload.Preparation;
import io.jenkins.plugins.mender.upload.UploadFailure;
import io.jenkins.plugins.mender.upload.UploadLog;
import io.jenkins.plugins.mender.upload.UploadOptions;
import io.jenkins.plugins.mender.upload.UploadOptions.IfExists;
import io.jenkins.plugins.mender.upload.UploadSession;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * Uploads with the engine and prints what a build's log would show, without Jenkins: to one's own server, which is the quickest
 * way to tell a server's trouble from Jenkins', or a recorded Artifact to the simulated one, twice.
 */
public final class UploadWithoutJenkins {
    /** Settings by system property; the token comes from the environment, where other users of the machine do not see it. */
    private static final String URL = "mender.url";

    private static final String ARTIFACT = "mender.artifact";
    private static final String IF_EXISTS = "mender.ifExists";
    private static final String CERTIFICATES = "mender.certificates";
    private static final String TOKEN = "MENDER_TOKEN";

    private final Map<?, ?> settings;
    private final String token;
    private final PrintStream out;
    private final UploadLog log;

    private UploadWithoutJenkins(Map<?, ?> settings, String token, PrintStream out) {
        this.settings = settings;
        this.token = token;
        this.out = out;
        this.log = line -> out.println("[Mender] " + line);
    }

    /** What somebody has to set in another way; the message says which and how. */
    private static final class UnusableSettingException extends Exception {
        private static final long serialVersionUID = 1;

        private UnusableSettingException(String message) {
            super(message);
        }
    }

    /** Uploads, and ends this JVM with exit code 1 when it could not. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int code = run(System.getProperties(), System.getenv(), out);
        if (code != 0) {
            System.exit(code);
        }
    }

    /**
     * Uploads.
     *
     * @param settings system properties: none of this class's for the simulated server
     * @param environment environment variables, {@code MENDER_TOKEN} among them
     * @param out where the log goes
     * @return the exit code: 0 when everything is on the server
     */
    static int run(Map<?, ?> settings, Map<String, String> environment, PrintStream out)
            throws IOException, InterruptedException {
        String token = environment.getOrDefault(TOKEN, "");
        UploadWithoutJenkins run = new UploadWithoutJenkins(settings, token, out);
        if (Stream.of(URL, ARTIFACT, IF_EXISTS, CERTIFICATES).noneMatch(settings::containsKey)) {
            return simulated(out);
        }
        try {
            return run.upload(run.files());
        } catch (UnusableSettingException e) {
            out.println("ERROR: " + e.getMessage());
            return 1;
        }
    }

    private static int simulated(PrintStream out) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("mender-demo");
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1, folder)) {
            Path file = ArtifactBuilder.recorded("module-two-devices.mender", folder);
            UploadWithoutJenkins demo = new UploadWithoutJenkins(Map.of(URL, server.url()), server.token(), out);
            List<ArtifactFile> files = List.of(file(file, "build/" + file.getFileName()));
            int first = demo.upload(files);
            out.println();
            out.println("The same file once more, which is there already:");
            int second = demo.upload(files);
            out.println();
            out.println("The server holds " + server.artifacts().size() + " Artifact.");
            return first == 0 && second == 1 ? 0 : 1;
        } catch (UnusableSettingException e) {
            throw new IllegalStateException(e);
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private int upload(List<ArtifactFile> files) throws UnusableSettingException, InterruptedException {
        UploadOptions options = UploadOptions.defaults().with(ifExists());
        MenderServer server = server();
        if (token.isBlank()) {
            throw new UnusableSettingException("There is no token: put it into the environment variable " + TOKEN
                    + ", such as MENDER_TOKEN=$(cat token) mvn …");
        }
        try {
            UploadSession session = UploadSession.open(
                    new LocalTransport(ConnectionSettings.defaults().trusting(certificates())),
                    server,
                    new Credential.BearerToken(TOKEN, token),
                    options,
                    Pacing.real(),
                    log);
            session.upload(new Preparation(Inspector::local, options, log).prepare(files));
            return 0;
        } catch (UploadFailure e) {
            e.explanation().forEach(log::line);
            out.println("ERROR: " + e.getMessage());
            return 1;
        }
    }

    private String setting(String name) {
        return settings.get(name) instanceof String text ? text.strip() : "";
    }

    private MenderServer server() throws UnusableSettingException {
        try {
            return MenderServer.parse(setting(URL));
        } catch (InvalidServerUrlException e) {
            throw new UnusableSettingException(
                    "-D" + URL + " is no address of a Mender Server: give one such as https://eu.hosted.mender.io");
        }
    }

    private IfExists ifExists() throws UnusableSettingException {
        String text = setting(IF_EXISTS);
        try {
            return text.isEmpty() ? IfExists.FAIL : IfExists.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new UnusableSettingException("-D" + IF_EXISTS + " is fail, reuse or replace, not " + text);
        }
    }

    private TrustedCertificates certificates() throws UnusableSettingException {
        String file = setting(CERTIFICATES);
        try {
            return file.isEmpty()
                    ? TrustedCertificates.NONE
                    : TrustedCertificates.parse(Files.readString(Path.of(file)));
        } catch (IOException | InvalidCertificatesException e) {
            throw new UnusableSettingException(
                    "-D" + CERTIFICATES + " names no readable file of certificates in PEM: " + file);
        }
    }

    private List<ArtifactFile> files() throws UnusableSettingException {
        List<ArtifactFile> files = new ArrayList<>();
        for (String name : setting(ARTIFACT).split(",")) {
            Path file = Path.of(name.strip());
            if (name.isBlank() || !Files.isRegularFile(file)) {
                throw new UnusableSettingException("-D" + ARTIFACT
                        + " names .mender files, several with commas between them; there is no file \"" + name.strip()
                        + "\"");
            }
            files.add(file(file, file.getFileName().toString()));
        }
        return files;
    }

    private static ArtifactFile file(Path file, String name) throws UnusableSettingException {
        try {
            return ArtifactFile.of(name, file.toAbsolutePath());
        } catch (IOException e) {
            throw new UnusableSettingException(name + " cannot be read");
        }
    }
}
