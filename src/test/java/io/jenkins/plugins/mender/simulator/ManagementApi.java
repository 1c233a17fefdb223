package io.jenkins.plugins.mender.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.net.URIBuilder;

/** Leads each request to the service that answers it, once the gateway has judged its token. */
final class ManagementApi {
    static final String API = "/api/management";
    static final String ARTIFACTS = API + "/v1/deployments/artifacts";
    private static final String RELEASES = "/ui/releases/";
    private static final String USERS = API + "/v1/useradm";

    final UserAdministration users;
    final Deployments deployments;
    final Rollouts rollouts;
    private final Flavour flavour;
    private final ArtifactUploads uploads;

    ManagementApi(Flavour flavour, Path folder, SimulatedStorage storage) {
        this.flavour = flavour;
        this.users = new UserAdministration(flavour);
        this.deployments = new Deployments(flavour, storage);
        this.rollouts = new Rollouts(flavour, deployments);
        this.uploads = new ArtifactUploads(flavour, deployments, folder);
    }

    /** {@return the refusal of a request's token, or null when it is good} */
    Reply refusal(ClassicHttpRequest request) {
        String words = users.tokens.refusal(header(request, "Authorization"));
        return words == null ? null : Reply.error(401, words);
    }

    Reply reply(ClassicHttpRequest request) throws IOException, HttpException {
        String path = path(request);
        String method = request.getMethod();
        if (path.equals(USERS + "/auth/login")) {
            return users.login(method, header(request, "Authorization"), header(request, "Content-Type"));
        }
        if (path.startsWith(RELEASES)) {
            return Reply.html(200, "Release " + path.substring(RELEASES.length()));
        }
        if (path.equals("/api/devices/v1/authentication/auth_requests")) {
            return Reply.empty(200);
        }
        if (!path.startsWith(API)) {
            return Reply.html(404, "Not Found");
        }
        Reply refusal = refusal(request);
        if (refusal != null) {
            return refusal;
        }
        users.use(header(request, "Authorization"));
        if (path.startsWith(USERS)) {
            HttpEntity entity = request.getEntity();
            return users.handle(
                    method, path.substring(USERS.length()), entity == null ? "" : EntityUtils.toString(entity));
        }
        if (path.equals(ARTIFACTS) && method.equals("POST")) {
            return upload(request);
        }
        if (path.equals(ARTIFACTS) || path.equals(ARTIFACTS + "/list")) {
            return deployments.listV1(query(request));
        }
        if (path.equals(API + "/v2/deployments/artifacts")) {
            return deployments.listV2(query(request));
        }
        if (path.startsWith(ARTIFACTS + "/") && path.length() > ARTIFACTS.length() + 1) {
            return deployments.one(method, path.substring(ARTIFACTS.length() + 1));
        }
        HttpEntity entity = request.getEntity();
        String body = entity == null ? "" : EntityUtils.toString(entity, StandardCharsets.UTF_8);
        Reply rollout = rollouts.handle(method, path.substring(API.length()), query(request), body);
        return rollout == null ? Reply.error(404, flavour.words("Resource not found", "not found")) : rollout;
    }

    private Reply upload(ClassicHttpRequest request) throws IOException {
        HttpEntity entity = request.getEntity();
        ContentType type = ContentType.parseLenient(header(request, "Content-Type"));
        try (InputStream body = entity == null ? InputStream.nullInputStream() : entity.getContent()) {
            return uploads.handle(type, body);
        }
    }

    static String path(ClassicHttpRequest request) {
        return URI.create(request.getRequestUri()).getPath();
    }

    private static Map<String, String> query(ClassicHttpRequest request) {
        Map<String, String> query = new HashMap<>();
        try {
            for (NameValuePair pair : new URIBuilder(request.getRequestUri()).getQueryParams()) {
                query.put(pair.getName(), pair.getValue());
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
        return query;
    }

    private static String header(ClassicHttpRequest request, String name) {
        Header header = request.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }
}
