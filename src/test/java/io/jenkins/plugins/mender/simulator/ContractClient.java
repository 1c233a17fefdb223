package io.jenkins.plugins.mender.simulator;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.mender.artifact.ArtifactParts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TrustAllStrategy;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.ssl.SSLContexts;

/** Says to a Mender Server, simulated or real, what the contract test wants to say, and cleans up behind itself. */
final class ContractClient implements AutoCloseable {
    private static final String ARTIFACTS = "/v1/deployments/artifacts";
    private static final String TOKENS = "/v1/useradm/settings/tokens";
    private static final String MADE_UP = "/v2/devauth/devices";
    private static final ContentType TEXT = ContentType.create("text/plain", StandardCharsets.UTF_8);

    final String token;
    private final String url;
    private final CloseableHttpClient http;
    private final List<String> createdTokens = new ArrayList<>();
    private final List<String> created = new ArrayList<>();
    private final List<String> deployments = new ArrayList<>();
    private final List<String> devices = new ArrayList<>();
    private final Map<String, byte[]> artifacts = new HashMap<>();
    private final String suffix = "-contract-test-" + UUID.randomUUID();

    /**
     * An answer.
     *
     * @param status the HTTP status
     * @param body the body's text, possibly empty
     * @param location where it points to, or null
     * @param requestId the request id that it echoes, or null
     */
    record Answer(int status, String body, String location, String requestId) {
        String words() {
            return json().path("error").asText("");
        }

        JsonNode json() {
            return Json.parse(body);
        }

        String id() {
            return location.substring(location.lastIndexOf('/') + 1);
        }
    }

    ContractClient(String url, String token) {
        this.url = url;
        this.token = token;
        try {
            this.http = HttpClients.custom()
                    .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                            .setTlsSocketStrategy(new DefaultClientTlsStrategy(
                                    SSLContexts.custom()
                                            .loadTrustMaterial(TrustAllStrategy.INSTANCE)
                                            .build(),
                                    NoopHostnameVerifier.INSTANCE))
                            .build())
                    .disableRedirectHandling()
                    .disableAutomaticRetries()
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes a request with any {@code Authorization}, none when null. */
    Answer send(String method, String path, String authorization, HttpEntity entity) throws IOException {
        HttpUriRequestBase request =
                new HttpUriRequestBase(method, java.net.URI.create(url + "/api/management" + path));
        if (authorization != null) {
            request.setHeader("Authorization", authorization);
        }
        request.setHeader("X-MEN-RequestID", "contract-test");
        request.setEntity(entity);
        return http.execute(request, response -> {
            Header location = response.getFirstHeader("Location");
            Header requestId = response.getFirstHeader("X-MEN-RequestID");
            HttpEntity body = response.getEntity();
            return new Answer(
                    response.getCode(),
                    body == null ? "" : EntityUtils.toString(body, StandardCharsets.UTF_8),
                    location == null ? null : location.getValue(),
                    requestId == null ? null : requestId.getValue());
        });
    }

    Answer get(String path) throws IOException {
        return send("GET", path, "Bearer " + token, null);
    }

    Answer send(String method, String path, String json) throws IOException {
        return send(method, path, "Bearer " + token, new StringEntity(json, ContentType.APPLICATION_JSON));
    }

    Answer delete(String path) throws IOException {
        return send("DELETE", path, "Bearer " + token, null);
    }

    /** Creates a personal access token that lives for ten minutes and remembers it. */
    Answer createToken(String name) throws IOException {
        return createToken(name, 600);
    }

    /** Creates a personal access token and remembers it; nothing is said of its lifetime when {@code seconds} is null. */
    Answer createToken(String name, Integer seconds) throws IOException {
        ObjectNode document = Json.object("name", name + suffix);
        if (seconds != null) {
            document.put("expires_in", seconds);
        }
        Answer answer = send(
                "POST", TOKENS, "Bearer " + token, new StringEntity(document.toString(), ContentType.APPLICATION_JSON));
        if (answer.status() == 200) {
            createdTokens.add(Tokens.id(answer.body()));
        }
        return answer;
    }

    /** Revokes the tokens that were created. */
    void revokeTokens() throws IOException {
        for (String id : createdTokens) {
            delete(TOKENS + "/" + id);
        }
        createdTokens.clear();
    }

    /** Uploads an Artifact if it is not there, and {@return its name} */
    String release() throws IOException {
        byte[] artifact = artifact("rootfs-gzip");
        upload(Part.artifact(artifact));
        return get(ARTIFACTS + "/" + created.get(created.size() - 1))
                .json()
                .path("name")
                .asText();
    }

    /**
     * Creates a deployment and remembers it.
     *
     * @param where what the path ends with, for a group
     * @param more more properties of the body, each with a comma before it
     */
    Answer deploy(String where, String artifact, String more) throws IOException {
        String body = "{\"name\":\"" + suffix + "\",\"artifact_name\":\"" + artifact + "\"" + more + "}";
        Answer answer = send("POST", "/v1/deployments/deployments" + where, body);
        if (answer.status() == 201) {
            deployments.add("/v1/deployments/deployments/" + answer.id());
        }
        return answer;
    }

    Answer abort(String deployment) throws IOException {
        return send("PUT", deployment + "/status", "{\"status\":\"aborted\"}");
    }

    /** Makes a device up that is alone in a group, and {@return the group}; a server that takes no such device ends the test as not run */
    String group() throws IOException {
        String group = "group" + suffix;
        KeyPair key = newKey();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(key.getPublic().getEncoded()) + "\n-----END PUBLIC KEY-----\n";
        ObjectNode identity = Json.object("mac", "made-up" + suffix);
        ObjectNode known = Json.object("pubkey", pem);
        known.set("identity_data", identity);
        Answer preauthorized = send("POST", MADE_UP, known.toString());
        assumeTrue(preauthorized.status() == 201, () -> "the server takes no made-up device: " + preauthorized);
        devices.add(preauthorized.id());
        String request =
                Json.object("id_data", identity.toString(), "pubkey", pem).toString();
        HttpPost asking = new HttpPost(url + "/api/devices/v1/authentication/auth_requests");
        asking.setHeader("X-MEN-Signature", sign(key, request));
        asking.setEntity(new StringEntity(request, ContentType.APPLICATION_JSON));
        int status = http.execute(asking, HttpResponse::getCode);
        assumeTrue(status == 200, () -> "the server takes no made-up device: it answers " + status);
        String path = "/v1/inventory/devices/" + preauthorized.id() + "/group";
        String membership = Json.object("group", group).toString();
        await(
                "the inventory has the device",
                () -> send("PUT", path, membership).status() == 204);
        String search = "{\"page\":1,\"per_page\":1,\"filters\":["
                + "{\"scope\":\"identity\",\"attribute\":\"status\",\"type\":\"$eq\",\"value\":\"accepted\"},"
                + "{\"scope\":\"system\",\"attribute\":\"group\",\"type\":\"$eq\",\"value\":\"" + group + "\"}]}";
        await(
                "the device is accepted",
                () -> send("POST", "/v2/inventory/filters/search", search)
                                .json()
                                .size()
                        == 1);
        return group;
    }

    private static KeyPair newKey() {
        try {
            return KeyPairGenerator.getInstance("RSA").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sign(KeyPair key, String text) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.getPrivate());
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The services of a server tell each other of a device in their own time. */
    private static void await(String what, Callable<Boolean> condition) throws IOException {
        try {
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30); !condition.call(); ) {
                assumeTrue(System.nanoTime() < end, "still not: " + what);
                TimeUnit.MILLISECONDS.sleep(200);
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Uploads parts as given and remembers what came of it. */
    Answer upload(HttpEntity entity) throws IOException {
        Answer answer = send("POST", ARTIFACTS, "Bearer " + token, entity);
        if (answer.status() == 201) {
            created.add(answer.id());
        }
        return answer;
    }

    Answer upload(Part... parts) throws IOException {
        return upload(multipart(parts));
    }

    static HttpEntity multipart(Part... parts) {
        MultipartEntityBuilder builder = MultipartEntityBuilder.create();
        for (Part part : parts) {
            if (part.fileName() == null) {
                builder.addTextBody(part.name(), new String(part.content(), StandardCharsets.UTF_8), TEXT);
            } else {
                builder.addBinaryBody(
                        part.name(), part.content(), ContentType.APPLICATION_OCTET_STREAM, part.fileName());
            }
        }
        return builder.build();
    }

    /** A part of a multipart body; one without a file name is text. */
    record Part(String name, byte[] content, String fileName) {
        static Part text(String name, String value) {
            return new Part(name, value.getBytes(StandardCharsets.UTF_8), null);
        }

        static Part artifact(byte[] content) {
            return new Part("artifact", content, "contract-test.mender");
        }
    }

    /** {@return the bytes of a recorded Artifact} */
    static byte[] recorded(String name) throws IOException {
        try (InputStream in = ContractClient.class.getResourceAsStream("/artifacts/" + name + ".mender")) {
            return in.readAllBytes();
        }
    }

    /**
     * A recorded Artifact with a name that no other client gives it, so that it conflicts with nothing that a server holds;
     * the same for each call. What cannot be taken apart stays as it was recorded.
     */
    byte[] artifact(String name) throws IOException {
        byte[] made = artifacts.get(name);
        if (made == null) {
            made = name.startsWith("broken-") ? recorded(name) : renamed(recorded(name));
            artifacts.put(name, made);
        }
        return made;
    }

    private byte[] renamed(byte[] recorded) throws IOException {
        ArtifactParts parts = ArtifactParts.of(recorded);
        String header = parts.names().stream()
                .filter(part -> part.startsWith("header.tar"))
                .findFirst()
                .orElseThrow();
        return parts.document(header, "header-info", text -> {
                    ObjectNode info = (ObjectNode) Json.parse(text);
                    ObjectNode named = info.has("artifact_name") ? info : (ObjectNode) info.get("artifact_provides");
                    named.put("artifact_name", named.get("artifact_name").asText() + suffix);
                    return info.toString();
                })
                .bytes();
    }

    /** Deletes what was created. */
    void cleanUp() throws IOException {
        revokeTokens();
        for (String deployment : deployments) {
            abort(deployment);
        }
        deployments.clear();
        for (String id : devices) {
            delete(MADE_UP + "/" + id);
        }
        devices.clear();
        for (String id : created) {
            delete(ARTIFACTS + "/" + id);
        }
        created.clear();
    }

    @Override
    public void close() throws IOException {
        cleanUp();
        http.close();
    }
}
