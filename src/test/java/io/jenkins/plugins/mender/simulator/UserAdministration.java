package io.jenkins.plugins.mender.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The service useradm: one user, logins, personal access tokens. */
final class UserAdministration {
    static final String EMAIL = "ci@example.com";
    static final String PASSWORD = "pass phrase: ümläut";
    private static final String BASIC =
            Base64.getEncoder().encodeToString((EMAIL + ':' + PASSWORD).getBytes(StandardCharsets.UTF_8));
    private static final long LONGEST_LIFE = 31_536_000;
    private static final int LONGEST_NAME = 4096;
    private static final int MOST_TOKENS = 10;

    final Tokens tokens;
    private final Flavour flavour;
    private final String userId = UUID.randomUUID().toString();
    private final Map<String, ObjectNode> personalTokens = new LinkedHashMap<>();

    UserAdministration(Flavour flavour) {
        this.flavour = flavour;
        this.tokens = new Tokens(flavour);
    }

    /** {@return a token that is good until then, or without end when null} */
    String issue(Instant expiry) {
        return tokens.issue(userId, expiry);
    }

    Reply login(String method, String authorization, String contentType) {
        if (!method.equals("POST")) {
            return Reply.error(405, flavour.words("Method not allowed", "method not allowed"));
        }
        if (contentType != null && !contentType.startsWith("application/json")) {
            return Reply.error(
                    415,
                    flavour.words(
                            "Bad Content-Type or charset, expected 'application/json'",
                            "Bad Content-Type, expected 'application/json'"));
        }
        if (authorization == null || !authorization.startsWith("Basic ")) {
            return Reply.error(401, "invalid or missing auth header");
        }
        if (!authorization.substring("Basic ".length()).equals(BASIC)) {
            return Reply.error(401, "unauthorized");
        }
        return new Reply(200, Map.of(), "application/jwt", issue(Instant.now().plusSeconds(7 * 24 * 3600)));
    }

    /** Calls that need a token; {@code path} begins behind {@code /useradm}. */
    synchronized Reply handle(String method, String path, String body) {
        if (path.equals("/users/me")) {
            return Reply.json(200, user().toString());
        }
        if (path.equals("/users")) {
            return Reply.json(200, Json.MAPPER.createArrayNode().add(user()).toString());
        }
        if (path.startsWith("/users/")) {
            return Reply.error(404, "user not found");
        }
        if (path.equals("/settings/tokens")) {
            return method.equals("POST") ? create(body) : list();
        }
        if (path.startsWith("/settings/tokens/") && method.equals("DELETE")) {
            revoke(path.substring("/settings/tokens/".length()));
            return Reply.empty(204);
        }
        return Reply.error(404, flavour.words("Resource not found", "not found"));
    }

    private JsonNode user() {
        String time = Instant.EPOCH.toString();
        return Json.object("id", userId, "email", EMAIL, "created_ts", time, "updated_ts", time, "login_ts", time);
    }

    /** Notes that a personal access token opened something. */
    synchronized void use(String authorization) {
        String id = Tokens.id(authorization.substring(authorization.indexOf(' ') + 1));
        personalTokens.values().stream()
                .filter(token -> token.get("id").asText().equals(id))
                .forEach(token -> token.put("last_used", tokens.clock.instant().toString()));
    }

    private void revoke(String id) {
        tokens.revokeId(id);
        personalTokens.values().removeIf(token -> token.get("id").asText().equals(id));
    }

    private Reply create(String body) {
        JsonNode request = Json.parse(body);
        JsonNode life = request.path("expires_in");
        if (!request.isObject() || !(life.isMissingNode() || life.isIntegralNumber())) {
            return Reply.error(400, "cannot parse request body as json");
        }
        String name = request.path("name").asText("");
        if (name.isEmpty()) {
            return Reply.error(400, "name: cannot be blank.");
        }
        if (name.length() > LONGEST_NAME) {
            return Reply.error(400, "name: the length must be no more than 4096.");
        }
        if (life.asLong() < 0) {
            return Reply.error(400, "expires_in: must be no less than 0.");
        }
        if (life.asLong() > LONGEST_LIFE) {
            return Reply.error(400, "expires_in: must be no greater than 31536000.");
        }
        if (personalTokens.containsKey(name)) {
            return Reply.error(409, "Personal Access Token with a given name already exists");
        }
        if (personalTokens.size() >= MOST_TOKENS) {
            return Reply.error(422, "maximum number of personal acess tokens reached for this user");
        }
        Instant now = tokens.clock.instant();
        Instant expiry = life.asLong() == 0 ? null : now.plusSeconds(life.asLong());
        return new Reply(200, Map.of(), "application/jwt", createPersonal(name, expiry));
    }

    /** {@return a token that is listed under a name, and good until then, or without end when null} */
    synchronized String createPersonal(String name, Instant expiry) {
        String token = issue(expiry);
        ObjectNode listed = Json.object("id", Tokens.id(token), "name", name);
        listed.put("created_ts", tokens.clock.instant().toString());
        if (expiry != null) {
            listed.put("expiration_date", expiry.toString());
        }
        personalTokens.put(name, listed);
        return token;
    }

    /** {@return the names of the personal access tokens, in the order in which they were created} */
    synchronized List<String> personalTokenNames() {
        return List.copyOf(personalTokens.keySet());
    }

    private Reply list() {
        ArrayNode list = Json.MAPPER.createArrayNode();
        personalTokens.values().forEach(list::add);
        return Reply.json(200, list.toString());
    }
}
