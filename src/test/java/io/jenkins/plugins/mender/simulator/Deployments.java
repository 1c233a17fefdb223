package io.jenkins.plugins.mender.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The service deployments as far as it keeps Artifacts: list, get, delete, and the rule that makes a conflict. */
final class Deployments {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int LARGEST_PAGE = 500;
    private static final String DOWNLOAD = "/download";

    final SimulatedStorage storage;
    private final Flavour flavour;
    private final Map<String, StoredArtifact> artifacts = new LinkedHashMap<>();
    private final Set<String> deployed = new HashSet<>();

    Deployments(Flavour flavour, SimulatedStorage storage) {
        this.flavour = flavour;
        this.storage = storage;
    }

    synchronized List<StoredArtifact> artifacts() {
        return List.copyOf(artifacts.values());
    }

    synchronized void clear() {
        artifacts.clear();
        deployed.clear();
    }

    /** Makes an Artifact part of an unfinished deployment, so that it cannot be deleted. */
    synchronized void deploy(String id) {
        deployed.add(id);
    }

    /** Stores an Artifact unless the name and one combination of depends are taken. */
    synchronized Reply store(StoredArtifact artifact) {
        if (artifacts.containsKey(artifact.id())) {
            return conflict(artifact, Map.of("_id", artifact.id()));
        }
        for (StoredArtifact other : artifacts.values()) {
            Set<Map<String, String>> shared = new HashSet<>(other.combinations());
            shared.retainAll(artifact.combinations());
            if (other.header().name().equals(artifact.header().name()) && !shared.isEmpty()) {
                return conflict(artifact, shared.iterator().next());
            }
        }
        artifacts.put(artifact.id(), artifact);
        String path = "/management/v1/deployments/artifacts/" + artifact.id();
        return Reply.empty(201).with("Location", (flavour.since(Flavour.MENDER_4_1) ? "/api" : ".") + path);
    }

    private Reply conflict(StoredArtifact artifact, Map<String, String> with) {
        if (!flavour.since(Flavour.MENDER_3_7)) {
            return Reply.error(
                    409,
                    "An artifact with the same name has conflicting depends: { meta_artifact.name: \""
                            + artifact.header().name() + "\", meta_artifact.depends: " + with + " }");
        }
        ObjectNode body = Json.object("error", "an artifact with the same name and depends already exists");
        if (flavour.since(Flavour.MENDER_4_0) && !with.containsKey("_id")) {
            body.set("metadata", Json.object("conflict", with));
        }
        return Reply.json(409, body.toString());
    }

    /** Answers to {@code /v1/deployments/artifacts/} and a path below it: an id, or one with {@code /download} behind it. */
    synchronized Reply one(String method, String path) {
        String id = path.endsWith(DOWNLOAD) ? path.substring(0, path.length() - DOWNLOAD.length()) : path;
        if (!UUID.matcher(id).matches()) {
            return Reply.error(400, "ID is not a valid UUID");
        }
        StoredArtifact artifact = artifacts.get(id);
        if (artifact == null) {
            return Reply.error(404, "Resource not found");
        }
        if (path.endsWith(DOWNLOAD)) {
            return link(artifact);
        }
        if (method.equals("DELETE")) {
            if (deployed.contains(id)) {
                return Reply.error(409, "Artifact is used in active deployment");
            }
            artifacts.remove(id);
            return Reply.empty(204);
        }
        return Reply.json(200, artifact.json(flavour).toString());
    }

    private Reply link(StoredArtifact artifact) {
        if (!Files.exists(artifact.file())) {
            return Reply.error(500, "internal error");
        }
        String uri = storage.link(artifact.id(), artifact.file());
        String expire = Instant.now().plus(Duration.ofMinutes(15)).toString();
        return Reply.json(
                200, Json.object("uri", uri, "expire", expire, "method", "GET").toString());
    }

    /** {@code GET /v1/deployments/artifacts/list}: the name filters by substring and ignores case. */
    synchronized Reply listV1(Map<String, String> query) {
        String part = query.getOrDefault("name", "").toLowerCase(Locale.ROOT);
        List<StoredArtifact> matching = matching(
                artifact -> artifact.header().name().toLowerCase(Locale.ROOT).contains(part));
        return page(matching, query, "/api/management/v1/deployments/artifacts/list")
                .with("X-Total-Count", String.valueOf(matching.size()));
    }

    /** {@code GET /v2/deployments/artifacts}, from 4.1: the name is exact, or a prefix with an asterisk behind it. */
    synchronized Reply listV2(Map<String, String> query) {
        if (!flavour.since(Flavour.MENDER_4_1)) {
            return Reply.error(404, "Resource not found");
        }
        if (number(query, "per_page", 20) > LARGEST_PAGE) {
            return Reply.error(400, "invalid filter: PerPage: must be no greater than 500.");
        }
        String name = query.get("name");
        return page(
                matching(artifact ->
                        name == null || nameMatches(artifact.header().name(), name)),
                query,
                "/api/management/v2/deployments/artifacts");
    }

    private static boolean nameMatches(String name, String filter) {
        boolean prefix = filter.endsWith("*") && !filter.endsWith("\\*");
        String wanted = (prefix ? filter.substring(0, filter.length() - 1) : filter).replace("\\*", "*");
        return prefix ? name.startsWith(wanted) : name.equals(wanted);
    }

    private List<StoredArtifact> matching(Predicate<StoredArtifact> filter) {
        return artifacts.values().stream().filter(filter).toList();
    }

    private Reply page(List<StoredArtifact> matching, Map<String, String> query, String path) {
        int page = Math.max(1, number(query, "page", 1));
        int perPage = Math.min(LARGEST_PAGE, Math.max(1, number(query, "per_page", 20)));
        ArrayNode list = Json.MAPPER.createArrayNode();
        matching.stream()
                .skip((page - 1L) * perPage)
                .limit(perPage)
                .forEach(artifact -> list.add(artifact.json(flavour)));
        Reply reply = Reply.json(200, list.toString());
        boolean more = (long) page * perPage < matching.size();
        return more
                ? reply.with("Link", "<" + path + "?page=" + (page + 1) + "&per_page=" + perPage + ">; rel=\"next\"")
                : reply;
    }

    private static int number(Map<String, String> query, String name, int otherwise) {
        String text = query.getOrDefault(name, "");
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : otherwise;
    }
}
