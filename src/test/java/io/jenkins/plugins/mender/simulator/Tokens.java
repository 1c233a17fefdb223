package io.jenkins.plugins.mender.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Issues and judges JWTs. */
final class Tokens {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final String HEADER = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");

    private final byte[] key = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
    private final Flavour flavour;
    volatile InstantSource clock = InstantSource.system();
    private final Set<String> revoked = ConcurrentHashMap.newKeySet();

    Tokens(Flavour flavour) {
        this.flavour = flavour;
    }

    /** {@return a new token; without end when {@code expiry} is null} */
    String issue(String userId, Instant expiry) {
        ObjectNode claims = Json.object(
                "jti", UUID.randomUUID(), "sub", userId, "iat", clock.instant().getEpochSecond());
        claims.put("iss", "mender.useradm").put("scp", "mender.*").put("mender.user", true);
        if (expiry != null) {
            claims.put("exp", expiry.getEpochSecond());
        }
        String text = HEADER + '.' + base64(claims.toString());
        return text + '.' + sign(text);
    }

    void revoke(String token) {
        revoked.add(token);
    }

    void revokeId(String id) {
        revoked.add(id);
    }

    /** {@return the id of a token that was issued here} */
    static String id(String token) {
        return claims(token.split("\\.", -1)[1]).path("jti").asText();
    }

    /** {@return the words of the 401, or null when the header's token is good} */
    String refusal(String authorization) {
        if (authorization == null) {
            return flavour.words("authorization not present in header", "Authorization not present in header");
        }
        String[] words = authorization.trim().split(" ");
        if (words.length != 2) {
            return "malformed Authorization header";
        }
        if (!words[0].equals("Bearer")) {
            return flavour.words("malformed Authorization header", "unknown Authorization method " + words[0]);
        }
        return refusalOf(words[1]);
    }

    private String refusalOf(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return flavour.words("invalid jwt", "identity: incorrect token format");
        }
        JsonNode claims = claims(parts[1]);
        if (!claims.isObject()) {
            return flavour.words("invalid jwt", "identity: failed to decode JSON JWT claims: invalid character");
        }
        boolean signed = MessageDigest.isEqual(
                sign(parts[0] + '.' + parts[1]).getBytes(StandardCharsets.UTF_8),
                parts[2].getBytes(StandardCharsets.UTF_8));
        boolean expired = claims.has("exp")
                && claims.get("exp").asLong() <= clock.instant().getEpochSecond();
        if (!signed || expired) {
            return "invalid jwt";
        }
        return revoked.contains(token) || revoked.contains(claims.path("jti").asText()) ? "unauthorized" : null;
    }

    private static JsonNode claims(String part) {
        try {
            return Json.parse(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Json.MAPPER.missingNode();
        }
    }

    private String sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return BASE64.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
