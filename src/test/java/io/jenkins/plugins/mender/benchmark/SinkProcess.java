package io.jenkins.plugins.mender.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The {@link Sink} in a JVM of its own, with a certificate that is made for this run. */
final class SinkProcess implements AutoCloseable {
    private static final String PASSWORD = "benchmark";

    private final Process process;
    private final String plain;
    private final String tls;

    private SinkProcess(Process process, String[] ports) {
        this.process = process;
        this.plain = "http://127.0.0.1:" + ports[0];
        this.tls = "https://127.0.0.1:" + ports[1];
    }

    static SinkProcess start(Path folder) throws IOException, InterruptedException {
        Path keyStore = folder.resolve("sink.p12");
        Process keytool = new ProcessBuilder(
                        Commands.jdk("keytool"),
                        "-genkeypair",
                        "-alias",
                        "sink",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        keyStore.toString())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool made no certificate");
        }
        Process process = new ProcessBuilder(Commands.java(Sink.class, keyStore.toString(), PASSWORD))
                .redirectError(Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String ports = out.readLine();
        if (ports == null) {
            throw new IOException("the sink did not start");
        }
        return new SinkProcess(process, ports.split(" "));
    }

    String url(boolean encrypted) {
        return encrypted ? tls : plain;
    }

    /** {@return how many bytes have come since this was asked last} */
    long takeReceived() throws IOException {
        try (InputStream in =
                URI.create(plain + SinkConnection.RECEIVED).toURL().openStream()) {
            return Long.parseLong(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.destroy();
    }
}
