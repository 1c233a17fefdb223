package io.jenkins.plugins.mender.simulator;

import io.jenkins.plugins.mender.simulator.SimulatedMenderServer.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.impl.bootstrap.HttpServer;
import org.apache.hc.core5.http.impl.bootstrap.ServerBootstrap;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.FileEntity;
import org.apache.hc.core5.io.CloseMode;

/**
 * The storage behind a simulated server, at a port of its own: it gives an Artifact's file, or a part of it, to whoever has the
 * link, as those that speak S3 do. It starts with the first link.
 */
public final class SimulatedStorage implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
    private static final ContentType ARTIFACT = ContentType.create("application/vnd.mender-artifact");

    private final Map<String, Path> files = new ConcurrentHashMap<>();
    private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
    private final String signature = UUID.randomUUID().toString().replace("-", "");
    private TlsIdentity identity;
    private HttpServer http;
    private volatile boolean ranges = true;
    private volatile int status;

    SimulatedStorage(TlsIdentity identity) {
        this.identity = identity;
    }

    /** {@return the link to a file} */
    synchronized String link(String id, Path file) {
        if (http == null) {
            start();
        }
        files.put("/mender-artifact-storage/" + id, file);
        return (identity == null ? "http://127.0.0.1:" : "https://localhost:") + http.getLocalPort()
                + "/mender-artifact-storage/" + id + "?X-Amz-Expires=900&X-Amz-Signature=" + signature;
    }

    private void start() {
        http = ServerBootstrap.bootstrap()
                .setLocalAddress(InetAddress.getLoopbackAddress())
                .setRequestRouter((request, context) -> (message, response, c) -> handle(message, response))
                .setSslContext(identity == null ? null : identity.context())
                .setSslSetupHandler(identity == null ? null : identity::applyTo)
                .create();
        try {
            http.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Shows another certificate than the server; to be said before the first link. */
    public synchronized void show(TlsIdentity other) {
        identity = other;
    }

    /** {@return what makes a link a secret} */
    public String signature() {
        return signature;
    }

    /** {@return the requests that came, in their order; paths without query} */
    public List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /** Gives whole files from now on, whatever part is asked for. */
    public void ignoreRanges() {
        ranges = false;
    }

    /** Answers this status from now on, to every request. */
    public void answer(int otherStatus) {
        status = otherStatus;
    }

    @Override
    public synchronized void close() {
        if (http != null) {
            http.close(CloseMode.IMMEDIATE);
        }
    }

    private void handle(ClassicHttpRequest request, ClassicHttpResponse response) throws IOException {
        URI uri = URI.create(request.getRequestUri());
        answer(uri, request.getFirstHeader("Range"), response);
        Map<String, String> headers = new HashMap<>();
        for (Header header : request.getHeaders()) {
            headers.put(header.getName().toLowerCase(Locale.ROOT), header.getValue());
        }
        exchanges.add(new Exchange(request.getMethod() + ' ' + uri.getPath(), headers, response.getCode()));
    }

    private void answer(URI uri, Header rangeHeader, ClassicHttpResponse response) throws IOException {
        Path file = files.get(uri.getPath());
        boolean mayRead = uri.getQuery() != null && uri.getQuery().endsWith("X-Amz-Signature=" + signature);
        if (status != 0 || !mayRead || file == null || !Files.exists(file)) {
            response.setCode(status != 0 ? status : mayRead ? 404 : 403);
            response.setHeader("Location", "https://elsewhere.example.com/" + signature);
            return;
        }
        Matcher range = RANGE.matcher(rangeHeader == null || !ranges ? "" : rangeHeader.getValue());
        if (!range.matches()) {
            response.setCode(200);
            response.setEntity(new FileEntity(file.toFile(), ARTIFACT));
            return;
        }
        byte[] content = Files.readAllBytes(file);
        int from = Integer.parseInt(range.group(1));
        int to = Math.min(content.length, Integer.parseInt(range.group(2)) + 1);
        response.setCode(206);
        response.setHeader("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + content.length);
        response.setEntity(new ByteArrayEntity(Arrays.copyOfRange(content, from, to), ARTIFACT));
    }
}
