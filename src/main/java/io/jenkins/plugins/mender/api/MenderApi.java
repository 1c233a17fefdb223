package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.http.Redaction;
import io.jenkins.plugins.mender.http.Request;
import io.jenkins.plugins.mender.http.Request.Body.Field;
import io.jenkins.plugins.mender.http.Request.Body.FileUpload;
import io.jenkins.plugins.mender.http.Request.Header;
import io.jenkins.plugins.mender.http.Response;
import io.jenkins.plugins.mender.http.TimedTransport;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The calls of Mender's management API that an upload needs: what to say, and what the answer means. Facts about the API
 * come from the open-source Mender Server, versions 3.6 to 4.1. Each call carries a request id of its own, which the server
 * echoes and writes into its log.
 */
public final class MenderApi {
    /** The header that names a request; servers echo what a client sends. */
    static final String REQUEST_ID = "X-MEN-RequestID";

    static final String ARTIFACTS = "/v1/deployments/artifacts";

    /** The most that is read of a JSON document; that of an Artifact with 1,000 payload files has a twentieth of it. */
    static final int JSON_BYTES = 4 * 1024 * 1024;

    private static final int STORAGE_SECONDS = 15;

    private static final String USERS = "/v1/useradm";
    private static final Pattern ID_AT_END = Pattern.compile("/([A-Za-z0-9][A-Za-z0-9-]{7,63})/?$");

    private final Transport transport;
    private final MenderServer server;
    private final Token token;

    /**
     * Creates the API of one server for the owner of one token.
     *
     * @param transport the way the requests go
     * @param server where they go
     * @param token who asks
     */
    public MenderApi(Transport transport, MenderServer server, Token token) {
        this.transport = transport;
        this.server = server;
        this.token = token;
    }

    /**
     * Logs in with a user's name and password ({@code POST /auth/login}). One login for a step: later logins of a user
     * end earlier sessions.
     *
     * @param transport the way the request goes
     * @param server where to log in
     * @param user the user's address
     * @param password the user's password, a secret
     * @return the session's token
     * @throws ApiError when the server refuses
     * @throws TransportException when no answer came
     * @throws InterruptedException when the thread was interrupted
     */
    public static Token login(Transport transport, MenderServer server, String user, String password)
            throws ApiError, TransportException, InterruptedException {
        String basic = Base64.getEncoder().encodeToString((user + ':' + password).getBytes(StandardCharsets.UTF_8));
        Redaction redaction = new Redaction(password, basic);
        String requestId = UUID.randomUUID().toString();
        Response response = transport.send(request(
                "POST",
                server.management(USERS + "/auth/login"),
                "Basic " + basic,
                requestId,
                new Request.Body.None()));
        if (response.status() == 200) {
            try {
                Token session = Token.of(response.body());
                if (session.isJwt()) {
                    return session.hiding(password, basic);
                }
            } catch (IllegalArgumentException e) {
                throw ApiError.of(response, requestId, redaction);
            }
        }
        throw ApiError.of(response, requestId, redaction);
    }

    /**
     * Asks who the token belongs to ({@code GET /users/me}).
     *
     * @return the token's owner
     * @throws ApiError when the server refuses
     * @throws TransportException when no answer came
     * @throws InterruptedException when the thread was interrupted
     */
    public User me() throws ApiError, TransportException, InterruptedException {
        return get(USERS + "/users/me", Request.ERROR_BYTES, response -> User.of(json(response)));
    }

    /**
     * Fetches one Artifact ({@code GET /deployments/artifacts/{id}}).
     *
     * @param id the Artifact's id
     * @return what the server knows of it
     * @throws ApiError when the server refuses, or has no such Artifact (404)
     * @throws TransportException when no answer came
     * @throws InterruptedException when the thread was interrupted
     */
    public Artifact artifact(String id) throws ApiError, TransportException, InterruptedException {
        return get(path(id), JSON_BYTES, response -> Artifact.of(json(response)));
    }

    /**
     * Reads the begin of an Artifact's file as it is stored: asks for a link to it ({@code GET
     * /deployments/artifacts/{id}/download}) and follows that. It takes 15 seconds at most, and nothing is tried again.
     *
     * @param id the Artifact's id
     * @param bytes how many to read
     * @return as many bytes, or the whole file when it is shorter
     * @throws StorageException when they cannot be read
     * @throws InterruptedException when the thread was interrupted
     */
    public byte[] beginning(String id, int bytes) throws StorageException, InterruptedException {
        Transport timed = new TimedTransport(transport, Duration.ofSeconds(STORAGE_SECONDS));
        try {
            return new MenderApi(timed, server, token)
                    .get(path(id) + "/download", Request.ERROR_BYTES, DownloadLink::of)
                    .beginning(timed, bytes);
        } catch (ApiError e) {
            throw StorageException.noLink(e);
        } catch (TransportException e) {
            throw StorageException.unanswered(server.toString(), e);
        }
    }

    /**
     * Looks for the Artifacts of a name, all pages of them. Servers since 4.1 are asked for the exact name; older ones filter
     * by substring and ignore case, and what does not fit is left out here.
     *
     * @param name the Artifact's name
     * @return the Artifacts of exactly this name, those for other device types included
     * @throws ApiError when the server refuses: a role that may upload need not be allowed to list (403)
     * @throws TransportException when no answer came
     * @throws InterruptedException when the thread was interrupted
     */
    public List<Artifact> artifactsNamed(String name) throws ApiError, TransportException, InterruptedException {
        return new ArtifactSearch(this::get, name, token.redaction()).run();
    }

    /**
     * Deletes an Artifact ({@code DELETE /deployments/artifacts/{id}}). One that is not there is as good as deleted.
     *
     * @param id the Artifact's id
     * @throws ApiError when the server refuses: 409 while an unfinished deployment uses the Artifact
     * @throws TransportException when no answer came
     * @throws InterruptedException when the thread was interrupted
     */
    public void delete(String id) throws ApiError, TransportException, InterruptedException {
        String requestId = UUID.randomUUID().toString();
        Response response = transport.send(request(
                "DELETE", server.management(path(id)), token.authorization(), requestId, new Request.Body.None()));
        if (response.status() != 204 && response.status() != 404) {
            throw ApiError.of(response, requestId, token.redaction());
        }
    }

    /**
     * Uploads an Artifact ({@code POST /deployments/artifacts}): the parts {@code size}, {@code description} and
     * {@code artifact}, in this order. Only 201 with an id in its {@code Location}, after the whole file, is success.
     *
     * @param file the Artifact, on the machine that the transport sends from
     * @param description free text of at most 4096 bytes; none when empty
     * @param expectContinue whether to ask for consent before the file is sent
     * @param listener hears how far the file has come
     * @return what the server answered
     * @throws ApiError for every other answer
     * @throws TransportException when no answer came
     * @throws InterruptedException when the thread was interrupted
     */
    public Receipt upload(ArtifactFile file, String description, boolean expectContinue, Transport.Listener listener)
            throws ApiError, TransportException, InterruptedException {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("size", Long.toString(file.size())));
        if (!description.isEmpty()) {
            fields.add(new Field("description", description));
        }
        FileUpload body = new FileUpload(fields, "artifact", file.asciiName(), file.path(), file.size());
        String requestId = UUID.randomUUID().toString();
        Request request = request("POST", server.management(ARTIFACTS), token.authorization(), requestId, body);
        Response response = transport.send(expectContinue ? request : request.withoutExpectContinue(), listener);
        Matcher id = ID_AT_END.matcher(response.header("Location").orElse(""));
        boolean whole =
                response.sentBytes() == file.size() && !response.sentSha256().isEmpty();
        if (response.status() != 201 || !id.find() || !whole) {
            throw ApiError.of(response, requestId, token.redaction());
        }
        return new Receipt(
                id.group(1),
                response.status(),
                token.redaction().line(response.reason(), 64),
                token.redaction().line(response.header(REQUEST_ID).orElse(requestId), 64),
                response.sentSha256());
    }

    /** Reads the good answer to a call, and throws {@link IllegalArgumentException} when that is not what it should be. */
    @FunctionalInterface
    interface Reading<T> {
        T read(Response response);
    }

    private JsonNode json(Response response) {
        return Json.parse(response.content(), token.redaction());
    }

    private static String path(String id) {
        return ARTIFACTS + "/" + MenderServer.pathSegment(id);
    }

    private <T> T get(String path, int answerBytes, Reading<T> reading)
            throws ApiError, TransportException, InterruptedException {
        String requestId = UUID.randomUUID().toString();
        Request request =
                request("GET", server.management(path), token.authorization(), requestId, new Request.Body.None());
        Response response = transport.send(request.keeping(answerBytes));
        if (response.status() == 200) {
            try {
                return reading.read(response);
            } catch (IllegalArgumentException e) {
                throw ApiError.of(response, requestId, token.redaction());
            }
        }
        throw ApiError.of(response, requestId, token.redaction());
    }

    private static Request request(String method, URI uri, String authorization, String requestId, Request.Body body) {
        List<Header> headers = List.of(
                new Header("Authorization", authorization),
                new Header(REQUEST_ID, requestId),
                new Header("Accept", "application/json, application/jwt;q=0.9, */*;q=0.1"));
        return new Request(method, uri, headers, body, body instanceof FileUpload);
    }
}
