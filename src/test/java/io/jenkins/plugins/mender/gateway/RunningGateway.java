package io.jenkins.plugins.mender.gateway;

import static org.junit.jupiter.api.Assumptions.abort;

import io.jenkins.plugins.mender.http.ConnectionSettings;
import io.jenkins.plugins.mender.http.ConnectionSettings.ProxySettings;
import io.jenkins.plugins.mender.http.TrustedCertificates;
import io.jenkins.plugins.mender.http.TrustedCertificates.InvalidCertificatesException;
import io.jenkins.plugins.mender.simulator.CertificateAuthority;
import io.jenkins.plugins.mender.simulator.TlsIdentity;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;

/** A gateway on free ports of the loopback interface, with everything it writes in a folder of its own. */
final class RunningGateway implements AutoCloseable {
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.root("Root of the gateways");
    private static final String USER = "builder";
    private static final String PASSWORD = "proxy-pass";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The gateway's user need not be that of the test. */
    private static final String READABLE = "rwxr-xr-x";

    /**
     * Becomes the gateway, and leaves a watcher behind that ends it once standard input does. So it also ends when nobody is left to
     * end it, since the JVM of the tests was killed.
     */
    private static final String UNTIL_INPUT_ENDS =
            "exec 3<&0; (cat <&3 >/dev/null; kill $$) & exec \"$@\" 3<&- </dev/null";

    private final Path folder;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final int plain = freePort();
    private final int encrypted = freePort();
    private final RunningGateway next;
    private final ProxySettings proxy;
    private final Process process;

    private RunningGateway(Gateway gateway, Path program, Settings settings) throws IOException, InterruptedException {
        next = gateway.next == null ? null : start(gateway.next, settings);
        folder = Files.createTempDirectory("gateway");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(READABLE));
        values.put("folder", folder.toString());
        values.put("config", folder.resolve(gateway.template).toString());
        values.put("plain", String.valueOf(plain));
        values.put("tls", String.valueOf(encrypted));
        values.put(
                "server",
                String.valueOf(next == null ? URI.create(settings.server).getPort() : next.plain));
        values.put("limit", String.valueOf(settings.limit));
        values.put("client-timeout", String.valueOf(settings.clientTimeout));
        values.put("server-timeout", String.valueOf(settings.serverTimeout));
        values.put("buffering", gateway == Gateway.NGINX_UNBUFFERED ? "off" : "on");
        TlsIdentity identity = AUTHORITY.server();
        write("certificate.pem", identity.chainPem());
        write("key.pem", identity.keyPem());
        write("both.pem", identity.chainPem() + identity.keyPem());
        write("login.sh", resource("login.sh"));
        write(gateway.template, filled(resource(gateway.template)));
        List<String> command = new ArrayList<>(List.of("sh", "-c", UNTIL_INPUT_ENDS, "gateway", program.toString()));
        gateway.arguments.forEach(argument -> command.add(filled(argument)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log()));
        builder.environment().put("HOME", folder.toString());
        process = builder.start();
        proxy = gateway == Gateway.SQUID ? new ProxySettings("127.0.0.1", plain, USER, PASSWORD, List.of()) : null;
        await(plain);
        if (proxy == null) {
            await(encrypted);
        }
    }

    /**
     * How to run a gateway.
     *
     * @param server the server's URL
     * @param limit the largest body, in bytes
     * @param clientTimeout how long the gateway waits for more of a request, in seconds
     * @param serverTimeout how long it waits for the server, in seconds
     */
    record Settings(String server, long limit, int clientTimeout, int serverTimeout) {
        /** {@return settings that nothing of these tests gets at} */
        static Settings generous(String server) {
            return new Settings(server, 10L * 1024 * 1024 * 1024, 300, 300);
        }

        Settings withLimit(long bytes) {
            return new Settings(server, bytes, clientTimeout, serverTimeout);
        }

        Settings withClientTimeout(int seconds) {
            return new Settings(server, limit, seconds, serverTimeout);
        }

        Settings withServerTimeout(int seconds) {
            return new Settings(server, limit, clientTimeout, seconds);
        }
    }

    /** Starts one, or gives up the test where it is not installed. */
    static RunningGateway start(Gateway gateway, Settings settings) throws IOException, InterruptedException {
        Path program = gateway.installed().orElse(null);
        if (program == null) {
            abort(gateway + " was not tested: " + gateway.program + " is not installed on this machine.");
        }
        return new RunningGateway(gateway, program, settings);
    }

    /** {@return the URL in place of the server's} */
    String url(boolean tls) {
        if (proxy != null) {
            return next.url(tls);
        }
        return tls ? "https://localhost:" + encrypted : "http://127.0.0.1:" + plain;
    }

    /** {@return how to get there: through the proxy, if it is one, and trusting the gateway's certificate} */
    ConnectionSettings connection() throws InvalidCertificatesException {
        return ConnectionSettings.defaults()
                .trusting(TrustedCertificates.parse(AUTHORITY.pem()))
                .withProxy(proxy);
    }

    /** {@return the proxy as command lines take it, empty when this is none} */
    String proxyUrl() {
        return proxy == null ? "" : "http://" + USER + ':' + PASSWORD + '@' + proxy;
    }

    private File log() {
        return folder.resolve("output.log").toFile();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = RunningGateway.class.getResourceAsStream("/gateways/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace('@' + value.getKey() + '@', value.getValue());
        }
        return filled;
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    /** Waits until somebody listens. */
    private void await(int port) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    String told = Files.readString(log().toPath());
                    close();
                    throw new IOException("does not listen on " + port + ": " + told, e);
                }
                process.waitFor(20, TimeUnit.MILLISECONDS);
            }
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE.toSeconds() / 6, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        if (next != null) {
            next.close();
        }
        FileUtils.deleteQuietly(folder.toFile());
    }
}
