package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.http.PlainText;
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
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The calls of Mender's management API that an upload and the care for its token need: what to say, and what the answer means. Facts about the API
 * come from the open-source Mender Server, versions 3.6 to 4.1. Each call carries a request id of its own, which the server
 * echoes and writes into its log.
 */
public final class MenderApi {
    /** The header that names a request; servers echo what a client sends. */
    static final String REQUEST_ID = "X-MEN-RequestID";

    private static final String AUTHORIZATION = "Authorization";
    private static final String ARTIFACTS = "/v1/deployments/artifacts";
    private static final String USERS = "/v1/useradm";
    private static final String TOKENS = USERS + "/settings/tokens";

    /** The most that is read of a JSON document; that of an Artifact with 1,000 payload files has a twentieth of it. */
    static final int JSON_BYTES = 4 * 1024 * 1024;

    /** Artifacts for each page of a list; when a page turns out longer than what is kept of an answer, the next size is tried. */
    private static final int[] PAGE_SIZES = {20, 4, 1};

    /** What is kept of a page, in bytes: all that is read as JSON of a single Artifact, less of several, to spare memory. */
    private static final int[] PAGE_BYTES = {1024 * 1024, 1024 * 1024, JSON_BYTES};

    private static final int MOST_PAGES = 500;
    /** Ten tokens whose names are as long as they may be have half of it, written in the longest way. */
    private static final int TOKENS_BYTES = 1024 * 1024;

    private static final int STORAGE_SECONDS = 15;
    private static final int USER_CHARS = 256;
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final Pattern NEXT = Pattern.compile("rel=\"?next\"?");
    static final Pattern ID_AT_END = Pattern.compile("/([A-Za-z0-9][A-Za-z0-9-]{7,63})/?$");

    private final Transport transport;
    private final MenderServer server;
    private String authorization;
    private Redaction redaction;
    private Supplier<Optional<Token>> renewal = Optional::empty;

    /**
     * The owner of a token.
     *
     * @param id the user's id, or null
     * @param email the user's address, or null
     */
    public record User(String id, String email) {}

    /**
     * A server's answer to an upload that worked.
     *
     * @param artifactId the new Artifact's id
     * @param status the HTTP status, 201
     * @param reason the status line's reason phrase, possibly empty
     * @param requestId the id under which the server's log knows the request
     * @param sha256 SHA-256 of the file as it was sent, lower case hex digits
     * @param md5 MD5 of the same
     */
    public record Receipt(String artifactId, int status, String reason, String requestId, String sha256, String md5) {}

    /** The Artifacts of one page, and whether another follows. */
    private record Page(List<Artifact> artifacts, boolean more) {}

    /** Reads the answer to a call, and throws {@link IllegalArgumentException} when that is not what it should be. */
    interface Reading<T> {
        T read(Response response);
    }

    /**
     * Creates the API of one server for the owner of one token.
     *
     * @param transport the way the requests go
     * @param server where they go
     * @param token who asks
     */
    public MenderApi(Transport transport, MenderServer server, Token token) {
        this(transport, server, token.authorization(), token.redaction());
    }

    private MenderApi(Transport transport, MenderServer server, String authorization, Redaction redaction) {
        this.transport = transport;
        this.server = server;
        this.authorization = authorization;
        this.redaction = redaction;
    }

    /**
     * Makes a request that is refused with 401 once more, with another token, when there is one by then; so do all that follow.
     *
     * @param current gives the token that is to be used now, perhaps still the refused one
     * @return this API
     */
    public MenderApi renewedBy(Supplier<Optional<Token>> current) {
        renewal = current;
        return this;
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
        MenderApi api = new MenderApi(transport, server, "Basic " + basic, new Redaction(password, basic));
        Request request = api.request("POST", USERS + "/auth/login", new Request.Body.None());
        return api.call(request, Transport.Listener.NONE, response -> {
            Token session = Token.of(expect(response, 200).body());
            if (!session.isJwt()) {
                throw new IllegalArgumentException("not a token");
            }
            return session.hiding(password, basic);
        });
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
        return get(USERS + "/users/me", Request.ERROR_BYTES, response -> {
            JsonNode user = Json.object(json(response));
            return new User(line(user.path("id")), line(user.path("email")));
        });
    }

    private static String line(JsonNode value) {
        String text = Json.text(value);
        return text == null ? null : PlainText.oneLine(text, USER_CHARS);
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
     * /deployments/artifacts/{id}/download}) and follows that. It takes 15 seconds at most, and nothing is tried again. A storage
     * that does not know ranges sends all of it; then the connection is closed after the begin.
     *
     * @param id the Artifact's id
     * @param bytes how many to read
     * @return as many bytes, or the whole file when it is shorter
     * @throws StorageException when they cannot be read
     * @throws InterruptedException when the thread was interrupted
     */
    public byte[] beginning(String id, int bytes) throws StorageException, InterruptedException {
        Transport timed = new TimedTransport(transport, Duration.ofSeconds(STORAGE_SECONDS));
        MenderApi api = new MenderApi(timed, server, authorization, redaction).renewedBy(renewal);
        URI link;
        try {
            link = link(api.get(path(id) + "/download", Request.ERROR_BYTES, response -> response));
        } catch (ApiError e) {
            throw StorageException.noLink(e);
        } catch (TransportException e) {
            throw StorageException.unanswered(server.toString(), e);
        }
        String storage = link.getScheme() + "://" + link.getRawAuthority();
        List<Header> range = List.of(new Header("Range", "bytes=0-" + (bytes - 1)));
        try {
            Response response = timed.send(new Request("GET", link, range, new Request.Body.None(), false, bytes));
            if (response.status() != 206 && response.status() != 200) {
                throw StorageException.refused(storage, response.status());
            }
            return response.content();
        } catch (TransportException e) {
            throw StorageException.unanswered(storage, e);
        }
    }

    /**
     * Reads {@code {"uri": …, "expire": …, "method": "GET"}}. Whoever has the link may read the file, so it is a secret, and no
     * error repeats it; the storage is somebody else than the server, so it gets nothing but the link.
     */
    private static URI link(Response response) throws StorageException {
        try {
            JsonNode link = Json.parse(response.content()).path("uri");
            URI uri = new URI(link.isTextual() ? link.asText() : "");
            if (uri.getScheme() != null
                    && SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT))
                    && uri.getHost() != null
                    && uri.getPort() <= 65535
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            // its words repeat the link
        }
        throw StorageException.unusableLink();
    }

    /**
     * Looks for the Artifacts of a name, all pages of them. Servers since 4.1 are asked for the exact name ({@code GET
     * /v2/deployments/artifacts}); older ones answer that with 404 or 405, filter by substring and ignore case ({@code GET
     * /v1/deployments/artifacts/list}), and what does not fit is left out here.
     *
     * @param name the Artifact's name
     * @return the Artifacts of exactly this name, those for other device types included
     * @throws ApiError when the server refuses: a role that may upload need not be allowed to list (403)
     * @throws TransportException when no answer came
     * @throws InterruptedException when the thread was interrupted
     */
    public List<Artifact> artifactsNamed(String name) throws ApiError, TransportException, InterruptedException {
        try {
            String exact = MenderServer.pathSegment(name.replace("*", "\\*"));
            return allPages(name, "/v2/deployments/artifacts?name=" + exact);
        } catch (ApiError e) {
            if (e.status() != 404 && e.status() != 405) {
                throw e;
            }
            return allPages(name, ARTIFACTS + "/list?name=" + MenderServer.pathSegment(name));
        }
    }

    private List<Artifact> allPages(String name, String query)
            throws ApiError, TransportException, InterruptedException {
        List<Artifact> found = new ArrayList<>();
        int size = 0;
        int page = 1;
        while (page <= MOST_PAGES) {
            boolean smallest = size == PAGE_SIZES.length - 1;
            Optional<Page> answer = get(
                    query + "&page=" + page + "&per_page=" + PAGE_SIZES[size],
                    PAGE_BYTES[size],
                    response -> response.truncated() && !smallest ? Optional.empty() : Optional.of(page(response)));
            if (answer.isEmpty()) {
                size++;
                page = 1;
                found.clear();
                continue;
            }
            answer.get().artifacts().stream()
                    .filter(artifact -> name.equals(artifact.name()))
                    .forEach(found::add);
            if (!answer.get().more()) {
                break;
            }
            page++;
        }
        return found;
    }

    private Page page(Response response) {
        boolean more = response.header("Link")
                .filter(link -> NEXT.matcher(link).find())
                .isPresent();
        if (response.truncated()) {
            return new Page(List.of(Artifact.ofFirst(response.content())), more);
        }
        JsonNode all = json(response);
        if (!all.isArray()) {
            throw new IllegalArgumentException("not a list");
        }
        return new Page(Json.elements(all).stream().map(Artifact::of).toList(), more);
    }

    /**
     * Asks whether the token may upload, by an upload without a form ({@code POST /deployments/artifacts}): servers judge the right first,
     * and refuse then what is no form with 400. Nothing is stored.
     *
     * @throws ApiError for every other answer: 403 when the token may not
     * @throws TransportException when no answer came
     * @throws InterruptedException when the thread was interrupted
     */
    public void checkMayUpload() throws ApiError, TransportException, InterruptedException {
        call(
                request("POST", ARTIFACTS, new Request.Body.None()),
                Transport.Listener.NONE,
                response -> expect(response, 400));
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
        Request request = request("DELETE", path(id), new Request.Body.None());
        call(request, Transport.Listener.NONE, response -> expect(response, 204, 404));
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
        Request request = request("POST", ARTIFACTS, body);
        return call(expectContinue ? request : request.withoutExpectContinue(), listener, response -> {
            Matcher id =
                    ID_AT_END.matcher(expect(response, 201).header("Location").orElse(""));
            if (!id.find()
                    || response.sentBytes() != file.size()
                    || response.sentSha256().isEmpty()) {
                throw new IllegalArgumentException("not the answer to a whole file");
            }
            return new Receipt(
                    id.group(1),
                    response.status(),
                    redaction.line(response.reason(), 64),
                    redaction.line(response.header(REQUEST_ID).orElse(id(request)), 64),
                    response.sentSha256(),
                    response.sentMd5());
        });
    }

    /**
     * Lists the personal access tokens of the token's user ({@code GET /settings/tokens}), without their values.
     *
     * @return the tokens, at most {@value PersonalAccessToken#MOST} of them
     * @throws ApiError when the server refuses
     * @throws TransportException when no answer came
     * @throws InterruptedException when the thread was interrupted
     */
    public List<PersonalAccessToken> tokens() throws ApiError, TransportException, InterruptedException {
        return get(TOKENS, TOKENS_BYTES, response -> {
            JsonNode all = json(response);
            if (!all.isArray()) {
                throw new IllegalArgumentException("not a list");
            }
            return Json.elements(all).stream().map(PersonalAccessToken::of).toList();
        });
    }

    /**
     * Creates a personal access token for the same user ({@code POST /settings/tokens}). The answer to this one call is all that ever
     * tells its value; when it is lost, the token is there all the same, under its name.
     *
     * @param name a name that no other token of the user has, 1 to {@value PersonalAccessToken#NAME_CHARS} characters
     * @param lifetime how long it shall live, to the second, at most {@value PersonalAccessToken#MOST_DAYS} days; zero for ever
     * @return the new token
     * @throws ApiError when the server refuses: 409 for a name that is taken, 422 when the user has as many tokens as there may be
     * @throws TransportException when no answer came
     * @throws InterruptedException when the thread was interrupted
     */
    public Token createToken(String name, Duration lifetime) throws ApiError, TransportException, InterruptedException {
        String document = Json.object(Map.of("name", name, "expires_in", lifetime.toSeconds()));
        Request request = request("POST", TOKENS, new Request.Body.Json(document));
        Response response = transport.send(request, Transport.Listener.NONE);
        try {
            Token token = Token.of(expect(response, 200).body());
            if (token.isJwt() && !token.id().isEmpty()) {
                return token;
            }
        } catch (IllegalArgumentException e) {
            // its words may repeat the token
        }
        throw ApiError.of(response, id(request), redaction.and(Token.allIn(response.body())));
    }

    /**
     * Revokes a personal access token of the same user ({@code DELETE /settings/tokens/{id}}). Servers answer the same for one that is not
     * there.
     *
     * @param id the token's id
     * @throws ApiError when the server refuses
     * @throws TransportException when no answer came
     * @throws InterruptedException when the thread was interrupted
     */
    public void revokeToken(String id) throws ApiError, TransportException, InterruptedException {
        Request request = request("DELETE", TOKENS + "/" + MenderServer.pathSegment(id), new Request.Body.None());
        call(request, Transport.Listener.NONE, response -> expect(response, 204, 404));
    }

    private static String path(String id) {
        return ARTIFACTS + "/" + MenderServer.pathSegment(id);
    }

    Request request(String method, String path, Request.Body body) {
        List<Header> headers = List.of(
                new Header(AUTHORIZATION, authorization),
                new Header(REQUEST_ID, UUID.randomUUID().toString()),
                new Header("Accept", "application/json, application/jwt;q=0.9, */*;q=0.1"));
        return new Request(method, server.management(path), headers, body, body instanceof FileUpload);
    }

    private static String id(Request request) {
        return request.headers().stream()
                .filter(header -> header.name().equals(REQUEST_ID))
                .findFirst()
                .orElseThrow()
                .value();
    }

    <T> T get(String path, int answerBytes, Reading<T> reading)
            throws ApiError, TransportException, InterruptedException {
        Request request = request("GET", path, new Request.Body.None()).keeping(answerBytes);
        return call(request, Transport.Listener.NONE, response -> reading.read(expect(response, 200)));
    }

    <T> T call(Request request, Transport.Listener listener, Reading<T> reading)
            throws ApiError, TransportException, InterruptedException {
        Response response = transport.send(request, listener);
        if (response.status() == 401 && isRenewed()) {
            List<Header> headers = new ArrayList<>(request.headers());
            headers.replaceAll(
                    header -> header.name().equals(AUTHORIZATION) ? new Header(AUTHORIZATION, authorization) : header);
            response = transport.send(
                    new Request(
                            request.method(),
                            request.uri(),
                            headers,
                            request.body(),
                            request.expectContinue(),
                            request.answerBytes()),
                    listener);
        }
        try {
            return reading.read(response);
        } catch (IllegalArgumentException e) {
            throw ApiError.of(response, id(request), redaction);
        }
    }

    private boolean isRenewed() {
        Optional<Token> other =
                renewal.get().filter(token -> !token.authorization().equals(authorization));
        other.ifPresent(token -> {
            authorization = token.authorization();
            redaction = redaction.and(token.value());
        });
        return other.isPresent();
    }

    static Response expect(Response response, Integer... statuses) {
        if (!List.of(statuses).contains(response.status())) {
            throw new IllegalArgumentException("the status " + response.status());
        }
        return response;
    }

    /** {@return the lines of a plain text, each fit for a log} */
    List<String> lines(Response response, int bytes) {
        return response.body(bytes)
                .lines()
                .map(line -> redaction.line(line, USER_CHARS))
                .toList();
    }

    JsonNode json(Response response) {
        return Json.parse(response.content(), redaction);
    }
}
