package io.jenkins.plugins.mender.gateway;

import static org.junit.jupiter.api.Assumptions.abort;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;

/** A gateway on free ports of the loopback interface, with everything it writes in a folder of its own. */
final class RunningGateway implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The gateway's user need not be that of the test. */
    private static final String READABLE = "rwxr-xr-x";

    /**
     * Becomes the gateway, and leaves a watcher behind that ends it once standard input does. So it also ends when nobody is left to
     * end it, since the JVM of the tests was killed.
     */
    private static final String UNTIL_INPUT_ENDS =
            "exec 3<&0; (cat <&3 >/dev/null; kill $$) & exec \"$@\" 3<&- </dev/null";

    private final Path folder = Files.createTempDirectory("gateway");
    private final Map<String, String> values = new LinkedHashMap<>();
    private final int plain = freePort();
    private final int encrypted = freePort();
    private final RunningGateway next;
    private final Process process;

    private RunningGateway(Gateway gateway, Path program, Settings settings) throws IOException, InterruptedException {
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString(READABLE));
        next = gateway == Gateway.HAPROXY_BEFORE_CADDY ? start(Gateway.CADDY, settings) : null;
        values.put("folder", folder.toString());
        values.put("plain", String.valueOf(plain));
        values.put("tls", String.valueOf(encrypted));
        values.put(
                "server",
                String.valueOf(next == null ? URI.create(settings.server).getPort() : next.plain));
        values.put("limit", String.valueOf(settings.limit));
        values.put("timeout", String.valueOf(settings.timeout.toSeconds()));
        values.put("buffering", gateway == Gateway.NGINX_UNBUFFERED ? "off" : "on");
        String chain = settings.identity.chainPem();
        write("certificate.pem", chain);
        write("key.pem", settings.identity.keyPem());
        write("both.pem", chain + settings.identity.keyPem());
        for (String file : List.of(gateway.template, "login.sh")) {
            write(file, filled(resource(file)));
        }
        values.put("config", folder.resolve(gateway.template).toString());
        List<String> command = new ArrayList<>(List.of("sh", "-c", UNTIL_INPUT_ENDS, "gateway", program.toString()));
        gateway.arguments.forEach(argument -> command.add(filled(argument)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log()));
        builder.environment().put("HOME", folder.toString());
        process = builder.start();
        await(plain);
        if (gateway != Gateway.SQUID) {
            await(encrypted);
        }
    }

    /**
     * How to run a gateway.
     *
     * @param server the server's URL
     * @param identity what the gateway shows over TLS
     * @param limit the largest body, in bytes
     * @param timeout how long it waits for either side
     */
    record Settings(String server, TlsIdentity identity, long limit, Duration timeout) {}

    /** Starts one, or gives up the test where it is not installed. */
    static RunningGateway start(Gateway gateway, Settings settings) throws IOException, InterruptedException {
        Path program = gateway.installed().orElse(null);
        if (program == null) {
            abort(gateway + " was not tested: " + gateway.program + " is not installed on this machine.");
        }
        return new RunningGateway(gateway, program, settings);
    }

    /** {@return the port for plain HTTP} */
    int port() {
        return plain;
    }

    /** {@return the URL in place of the server's} */
    String url(boolean tls) {
        return tls ? "https://localhost:" + encrypted : "http://127.0.0.1:" + plain;
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
