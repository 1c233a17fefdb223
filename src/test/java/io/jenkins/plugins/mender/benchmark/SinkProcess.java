package io.jenkins.plugins.mender.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The {@link Sink} in a JVM of its own, with a certificate that is made for this run. */
final class SinkProcess implements AutoCloseable {
    private static final String PASSWORD = "benchmark";

    private final Process process;
    private final Path certificate;
    private final List<String> ports;

    private SinkProcess(Process process, Path certificate, List<String> ports) {
        this.process = process;
        this.certificate = certificate;
        this.ports = ports;
    }

    /** The networks between a client and the sink. */
    enum Network {
        /** As fast as the machine. */
        LOOPBACK(SinkConnection.UNLIMITED),
        /** 1 Gbit/s. */
        GIGABIT(125_000_000),
        /** 100 Mbit/s. */
        HUNDRED_MEGABIT(12_500_000),
        /** So slow that many uploads are under way together. */
        SLOW(100_000);

        private final long bytesPerSecond;

        Network(long bytesPerSecond) {
            this.bytesPerSecond = bytesPerSecond;
        }
    }

    static SinkProcess start(Path folder) throws IOException, InterruptedException {
        Path keyStore = folder.resolve("sink.p12");
        Path certificate = folder.resolve("sink.pem");
        String make = "-genkeypair -keyalg EC -groupname secp256r1 -dname CN=127.0.0.1 -ext san=ip:127.0.0.1";
        keytool(keyStore, make);
        keytool(keyStore, "-exportcert -rfc -file " + certificate);
        List<String> arguments = new ArrayList<>(List.of(keyStore.toString(), PASSWORD));
        for (Network network : Network.values()) {
            arguments.add(String.valueOf(network.bytesPerSecond));
        }
        Process process = new ProcessBuilder(Commands.java(Sink.class, arguments.toArray(String[]::new)))
                .redirectError(Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String ports = out.readLine();
        if (ports == null) {
            throw new IOException("the sink did not start");
        }
        return new SinkProcess(process, certificate, List.of(ports.split(" ")));
    }

    private static void keytool(Path keyStore, String command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(Commands.jdk("keytool")));
        all.addAll(List.of(command.split(" ")));
        all.addAll(List.of("-alias", "sink", "-storetype", "PKCS12", "-storepass", PASSWORD));
        all.addAll(List.of("-keystore", keyStore.toString()));
        Process keytool = new ProcessBuilder(all)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool failed: " + command);
        }
    }

    String url(boolean encrypted) {
        return url(encrypted, Network.LOOPBACK);
    }

    String url(boolean encrypted, Network network) {
        String port = ports.get(network.ordinal() * 2 + (encrypted ? 1 : 0));
        return (encrypted ? "https" : "http") + "://127.0.0.1:" + port;
    }

    /** {@return the sink's own certificate, as PEM} */
    Path certificate() {
        return certificate;
    }

    /** {@return how many bytes have come since this was asked last} */
    long takeReceived() throws IOException {
        try (InputStream in =
                URI.create(url(false) + SinkConnection.RECEIVED).toURL().openStream()) {
            return Long.parseLong(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.destroy();
    }
}
