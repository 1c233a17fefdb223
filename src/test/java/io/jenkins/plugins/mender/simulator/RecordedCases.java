package io.jenkins.plugins.mender.simulator;

import static io.jenkins.plugins.mender.simulator.ContractCase.reworded;
import static io.jenkins.plugins.mender.simulator.ContractCase.same;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.mender.simulator.ContractCase.Expected;
import io.jenkins.plugins.mender.simulator.ContractClient.Answer;
import io.jenkins.plugins.mender.simulator.ContractClient.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;

/** The recorded cases that concern the plugin. */
final class RecordedCases {
    private static final String LOGIN = "/v1/useradm/auth/login";
    private static final String ME = "/v1/useradm/users/me";
    private static final String PATS = "/v1/useradm/settings/tokens";
    static final String ARTIFACTS = "/v1/deployments/artifacts";
    private static final String DOWNLOAD = "/download";
    private static final String UNKNOWN_ID = "00000000-0000-4000-8000-000000000000";

    private static final int MOST_TOKENS = 10;

    private RecordedCases() {}

    static List<ContractCase> all() {
        List<ContractCase> cases = new ArrayList<>();
        cases.addAll(users());
        cases.addAll(authentication());
        cases.addAll(RecordedUploads.good());
        cases.addAll(RecordedUploads.refused());
        cases.addAll(RecordedUploads.malformed());
        cases.addAll(artifacts());
        cases.addAll(RecordedDeployments.creation());
        cases.addAll(RecordedDeployments.reading());
        cases.addAll(RecordedDeployments.abort());
        cases.addAll(RecordedDeployments.releases());
        return cases;
    }

    private static List<ContractCase> users() {
        return List.of(
                same(
                        "login, wrong password",
                        c -> c.send("POST", LOGIN, basic("a@b.c", "wrong"), null),
                        401,
                        "unauthorized"),
                same(
                        "login, no Authorization",
                        c -> c.send("POST", LOGIN, null, null),
                        401,
                        "invalid or missing auth header"),
                reworded(
                        "login by GET",
                        c -> c.send("GET", LOGIN, basic("a@b.c", "wrong"), null),
                        405,
                        "method not allowed",
                        "Method not allowed"),
                same("users/me", c -> c.get(ME), 200),
                same("users/{unknown}", c -> c.get("/v1/useradm/users/" + UNKNOWN_ID), 404, "user not found"),
                reworded(
                        "useradm path that does not exist",
                        c -> c.get("/v1/useradm/nothing"),
                        404,
                        "not found",
                        "Resource not found"),
                same("create PAT, no name", c -> createToken(c, "{\"expires_in\":60}"), 400, "name: cannot be blank."),
                same(
                        "create PAT, too long a life",
                        c -> createToken(c, "{\"name\":\"contract-test\",\"expires_in\":31536001}"),
                        400,
                        "expires_in: must be no greater than 31536000."),
                same(
                        "create PAT, negative life",
                        c -> createToken(c, "{\"name\":\"contract-test\",\"expires_in\":-1}"),
                        400,
                        "expires_in: must be no less than 0."),
                same(
                        "create PAT, life as a text",
                        c -> createToken(c, "{\"name\":\"contract-test\",\"expires_in\":\"60\"}"),
                        400,
                        "cannot parse request body as json"),
                same(
                        "create PAT, name of 5,000 characters",
                        c -> createToken(c, "{\"name\":\"" + "x".repeat(5000) + "\",\"expires_in\":60}"),
                        400,
                        "name: the length must be no more than 4096."),
                same(
                        "create PAT",
                        c -> c.send("GET", ME, "Bearer " + c.createToken("new").body(), null),
                        200),
                same(
                        "create PAT, same name again",
                        c -> {
                            c.createToken("twice");
                            return c.createToken("twice");
                        },
                        409,
                        "Personal Access Token with a given name already exists"),
                same(
                        "create PAT, one more than there may be",
                        c -> {
                            Answer answer = c.createToken("fill-0");
                            for (int i = 1; i <= MOST_TOKENS && answer.status() == 200; i++) {
                                answer = c.createToken("fill-" + i);
                            }
                            return answer;
                        },
                        422,
                        "maximum number of personal acess tokens reached for this user"),
                same("create PAT, life of 0: it never expires", c -> endless(c, 0), 200),
                same("create PAT, no life: it never expires", c -> endless(c, null), 200),
                same("create PAT, as long as it may live", c -> c.createToken("year", 31_536_000), 200),
                same(
                        "delete PAT",
                        c -> c.delete(
                                PATS + "/" + Tokens.id(c.createToken("gone").body())),
                        204),
                same(
                        "upload with a revoked PAT",
                        c -> {
                            String revoked = c.createToken("revoked").body();
                            c.revokeTokens();
                            return c.send(
                                    "POST",
                                    ARTIFACTS,
                                    "Bearer " + revoked,
                                    ContractClient.multipart(Part.artifact(new byte[100])));
                        },
                        401),
                same("list PATs", c -> c.get(PATS), 200),
                same(
                        "a revoked PAT",
                        c -> {
                            String revoked = c.createToken("revoked").body();
                            c.revokeTokens();
                            return c.send("GET", ME, "Bearer " + revoked, null);
                        },
                        401,
                        "unauthorized"),
                same(
                        "list Artifacts with a revoked PAT",
                        c -> {
                            String revoked = c.createToken("revoked").body();
                            c.revokeTokens();
                            return c.send("GET", ARTIFACTS, "Bearer " + revoked, null);
                        },
                        401),
                same("delete PAT, no UUID", c -> c.delete(PATS + "/contract-test"), 204),
                same("create PAT, body not JSON", c -> createToken(c, "x"), 400, "cannot parse request body as json"),
                same("delete PAT that is not there", c -> c.delete(PATS + "/" + UNKNOWN_ID), 204));
    }

    private static List<ContractCase> authentication() {
        return List.of(
                reworded(
                        "no Authorization",
                        c -> c.send("GET", ARTIFACTS, null, null),
                        401,
                        "Authorization not present in header",
                        "authorization not present in header"),
                reworded(
                        "garbage token",
                        c -> c.send("GET", ARTIFACTS, "Bearer garbage", null),
                        401,
                        "identity: incorrect token format",
                        "invalid jwt"),
                same("garbage with three dots", c -> c.send("GET", ARTIFACTS, "Bearer garbage.with.dots", null), 401),
                same(
                        "one character of the signature changed",
                        c -> c.send("GET", ARTIFACTS, "Bearer " + changed(c.token), null),
                        401,
                        "invalid jwt"),
                reworded(
                        "Basic instead of Bearer",
                        c -> c.send("GET", ARTIFACTS, "Basic abc", null),
                        401,
                        "unknown Authorization method Basic",
                        "malformed Authorization header"),
                same(
                        "Bearer with nothing",
                        c -> c.send("GET", ARTIFACTS, "Bearer", null),
                        401,
                        "malformed Authorization header"),
                reworded(
                        "upload without token",
                        c -> c.send("POST", ARTIFACTS, null, ContractClient.multipart(Part.artifact(new byte[100]))),
                        401,
                        "Authorization not present in header",
                        "authorization not present in header"));
    }

    private static List<ContractCase> artifacts() {
        Expected none = new Expected(404, "Resource not found");
        return List.of(
                same(
                        "GET /artifacts/{id}",
                        c -> c.get(ARTIFACTS + "/"
                                + RecordedUploads.sized(c, "rootfs-gzip", 0).id()),
                        200),
                same("GET /artifacts/{unknown}", c -> c.get(ARTIFACTS + "/" + UNKNOWN_ID), 404, "Resource not found"),
                same("GET /artifacts/not-a-uuid", c -> c.get(ARTIFACTS + "/not-a-uuid"), 400, "ID is not a valid UUID"),
                same(
                        "GET /artifacts/{id}/download",
                        c -> c.get(ARTIFACTS + "/"
                                + RecordedUploads.sized(c, "rootfs-gzip", 0).id() + DOWNLOAD),
                        200),
                same(
                        "GET /artifacts/{unknown}/download",
                        c -> c.get(ARTIFACTS + "/" + UNKNOWN_ID + DOWNLOAD),
                        404,
                        "Resource not found"),
                same(
                        "DELETE artifact",
                        c -> c.delete(ARTIFACTS + "/"
                                + RecordedUploads.sized(c, "rootfs-gzip", 0).id()),
                        204),
                same("DELETE artifact again", c -> c.delete(ARTIFACTS + "/" + UNKNOWN_ID), 404, "Resource not found"),
                same("DELETE not a UUID", c -> c.delete(ARTIFACTS + "/not-a-uuid"), 400, "ID is not a valid UUID"),
                same("GET /artifacts/list?name=nothing", c -> c.get(ARTIFACTS + "/list?name=no-such-name-here"), 200),
                new ContractCase(
                        "GET v2 /artifacts?name",
                        c -> c.get("/v2/deployments/artifacts?name=none"),
                        new Expected(200, null),
                        none,
                        none),
                new ContractCase(
                        "GET v2 /artifacts?per_page=501",
                        c -> c.get("/v2/deployments/artifacts?per_page=501"),
                        new Expected(400, "invalid filter: PerPage: must be no greater than 500."),
                        none,
                        none));
    }

    /** Creates a token, and {@return the answer, or one of status 0 when the list has an end of it} */
    private static Answer endless(ContractClient client, Integer seconds) throws IOException {
        Answer answer = client.createToken("endless", seconds);
        for (JsonNode token : client.get(PATS).json()) {
            if (Tokens.id(answer.body()).equals(token.path("id").asText()) && token.has("expiration_date")) {
                return new Answer(0, "it expires", null, null);
            }
        }
        return answer;
    }

    private static Answer createToken(ContractClient client, String body) throws IOException {
        return client.send(
                "POST", PATS, "Bearer " + client.token, new StringEntity(body, ContentType.APPLICATION_JSON));
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static String changed(String token) {
        int place = token.lastIndexOf('.') + 5;
        char other = token.charAt(place) == 'A' ? 'B' : 'A';
        return token.substring(0, place) + other + token.substring(place + 1);
    }
}
