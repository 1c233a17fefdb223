package io.jenkins.plugins.mender.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apache.commons.io.FileUtils;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.bootstrap.HttpServer;
import org.apache.hc.core5.http.impl.bootstrap.ServerBootstrap;
import org.apache.hc.core5.http.impl.bootstrap.StandardFilter;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;

/**
 * A Mender Server on the loopback interface that keeps what it is sent in a folder. Tests tell it to answer differently from
 * how a healthy server would.
 */
public final class SimulatedMenderServer implements AutoCloseable {
    /** What uploads are called in {@link #answer(String, Reply)}. */
    public static final String UPLOAD = "POST " + ManagementApi.ARTIFACTS;

    private final HttpServer http;
    private final ManagementApi api;
    private final Map<String, Supplier<Reply>> answers = new ConcurrentHashMap<>();
    private final Map<String, Reply> refusals = new ConcurrentHashMap<>();
    private final List<String> begun = new CopyOnWriteArrayList<>();
    private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();

    /**
     * A request that came, and how it was answered.
     *
     * @param request method and path
     * @param headers its headers, names in lower case
     * @param status the answer's status
     */
    public record Exchange(String request, Map<String, String> headers, int status) {}

    private final String base;
    private final File ownFolder;

    private SimulatedMenderServer(Flavour flavour, Path folder, boolean ownFolder, TlsIdentity identity, int port)
            throws IOException {
        this.api = new ManagementApi(flavour, folder, new SimulatedStorage(identity));
        this.ownFolder = ownFolder ? folder.toFile() : null;
        this.http = ServerBootstrap.bootstrap()
                .setLocalAddress(InetAddress.getLoopbackAddress())
                .setListenerPort(port)
                .replaceFilter(StandardFilter.EXPECT_CONTINUE.name(), new Consent(this::refusal))
                .setRequestRouter((request, context) -> this::handle)
                .setSslContext(identity == null ? null : identity.context())
                .setSslSetupHandler(identity == null ? null : identity::applyTo)
                .create();
        http.start();
        this.base = (identity == null ? "http://127.0.0.1:" : "https://localhost:") + http.getLocalPort();
    }

    /** Starts a server that forgets everything when it is closed. */
    public static SimulatedMenderServer start(Flavour flavour) {
        return start(flavour, (TlsIdentity) null);
    }

    /** Starts such a server that speaks TLS and is called {@code localhost}. */
    public static SimulatedMenderServer start(Flavour flavour, TlsIdentity identity) {
        try {
            return start(flavour, identity, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts such a server on that port, or on any that is free when it is 0. */
    public static SimulatedMenderServer start(Flavour flavour, TlsIdentity identity, int port) throws IOException {
        return new SimulatedMenderServer(flavour, Files.createTempDirectory("mender-server"), true, identity, port);
    }

    /**
     * Starts a server.
     *
     * @param flavour the version to answer as
     * @param folder where to keep Artifacts
     * @return the running server
     */
    public static SimulatedMenderServer start(Flavour flavour, Path folder) throws IOException {
        return new SimulatedMenderServer(flavour, folder, false, null, 0);
    }

    /** {@return the server's URL} */
    public String url() {
        return base;
    }

    /** {@return a new personal access token without end} */
    public String token() {
        return api.users.issue(null);
    }

    /** {@return a new token that is good until then} */
    public String tokenUntil(Instant expiry) {
        return api.users.issue(expiry);
    }

    /** {@return a new personal access token that the server lists under a name; without end when {@code expiry} is null} */
    public String personalToken(String name, Instant expiry) {
        return api.users.createPersonal(name, expiry);
    }

    /** {@return the names of the personal access tokens that it lists, the oldest first} */
    public List<String> personalTokenNames() {
        return api.users.personalTokenNames();
    }

    /** {@return whether a token opens the server now} */
    public boolean accepts(String token) {
        return api.users.tokens.refusal("Bearer " + token) == null;
    }

    /** Judges tokens by this clock from now on. */
    public void follow(InstantSource clock) {
        api.users.tokens.clock = clock;
    }

    /** Makes a token count no longer. */
    public void revoke(String token) {
        api.users.tokens.revoke(token);
    }

    /** {@return the name of the one user} */
    public String user() {
        return UserAdministration.EMAIL;
    }

    /** {@return that user's password} */
    public String password() {
        return UserAdministration.PASSWORD;
    }

    /** {@return what is stored now} */
    public List<StoredArtifact> artifacts() {
        return api.deployments.artifacts();
    }

    /** {@return where the files of Artifacts lie, for those who have a link} */
    public SimulatedStorage storage() {
        return api.deployments.storage;
    }

    /** {@return deployments, devices and Releases} */
    public Rollouts rollouts() {
        return api.rollouts;
    }

    /** Makes an Artifact part of an unfinished deployment, so that it cannot be deleted. */
    public void deploy(String artifactId) {
        api.deployments.deploy(artifactId);
    }

    /** Forgets every Artifact. */
    public void clear() {
        api.deployments.clear();
    }

    /** {@return the requests that came, in their order} */
    public List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /** Forgets the requests that came. */
    public void forgetExchanges() {
        exchanges.clear();
        begun.clear();
    }

    /** {@return the uploads that came, in their order} */
    public List<Exchange> uploads() {
        return exchanges.stream().filter(e -> e.request().equals(UPLOAD)).toList();
    }

    /** {@return how many uploads were begun, those included that were not answered} */
    public long begunUploads() {
        return begun.stream().filter(UPLOAD::equals).count();
    }

    /**
     * Answers a request in this way from now on, after its body has been read.
     *
     * @param request method and path, such as {@link #UPLOAD}
     * @param reply the answer
     */
    public void answer(String request, Reply reply) {
        answer(request, () -> reply);
    }

    /** Answers a request with what is supplied then; the supplier may take its time. */
    public void answer(String request, Supplier<Reply> reply) {
        answers.put(request, reply);
    }

    /** Answers a request in this way from now on, before its body is read. */
    public void refuse(String request, Reply reply) {
        refusals.put(request, reply);
    }

    /** Answers as a healthy server again. */
    public void recover() {
        answers.clear();
        refusals.clear();
    }

    @Override
    public void close() {
        http.close(CloseMode.IMMEDIATE);
        storage().close();
        FileUtils.deleteQuietly(ownFolder);
    }

    private ClassicHttpResponse refusal(ClassicHttpRequest request, boolean asks) {
        begun.add(key(request));
        Reply reply = refusals.get(key(request));
        if (reply == null && asks) {
            reply = api.refusal(request);
        }
        return reply == null ? null : send(request, reply, new BasicClassicHttpResponse(reply.status()));
    }

    private void handle(ClassicHttpRequest request, ClassicHttpResponse response, HttpContext context)
            throws HttpException, IOException {
        Supplier<Reply> answer = answers.get(key(request));
        if (answer != null && request.getEntity() != null) {
            request.getEntity().getContent().transferTo(OutputStream.nullOutputStream());
        }
        send(request, answer == null ? api.reply(request) : answer.get(), response);
    }

    private ClassicHttpResponse send(ClassicHttpRequest request, Reply reply, ClassicHttpResponse response) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : request.getHeaders()) {
            headers.put(header.getName().toLowerCase(Locale.ROOT), header.getValue());
        }
        exchanges.add(new Exchange(key(request), headers, reply.status()));
        response.setCode(reply.status());
        response.setReasonPhrase(null);
        reply.headers().forEach(response::setHeader);
        String requestId = headers.get("x-men-requestid");
        if (requestId != null && ManagementApi.path(request).startsWith(ManagementApi.API)) {
            response.setHeader("X-Men-Requestid", requestId);
        }
        if (!reply.contentType().isEmpty()) {
            response.setEntity(new StringEntity(
                    withRequestId(reply.body(), requestId),
                    ContentType.parse(reply.contentType()).withCharset(StandardCharsets.UTF_8)));
        }
        return response;
    }

    private static String withRequestId(String body, String requestId) {
        JsonNode json = Json.parse(body);
        if (json instanceof ObjectNode object && object.has("error")) {
            return object.put("request_id", requestId).toString();
        }
        return body;
    }

    private static String key(ClassicHttpRequest request) {
        return request.getMethod() + ' ' + ManagementApi.path(request);
    }
}
