package io.jenkins.plugins.mender.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Deployments, the devices that take them, and the tags and notes of Releases, as the recordings of 4.1.3 and of the service deployments
 * 4.5.2 have them. Tests are the devices: they ask and report by {@link #report}.
 */
public final class Rollouts {
    private static final List<String> STATES = List.of(
            "aborted",
            "already-installed",
            "decommissioned",
            "downloading",
            "failure",
            "installing",
            "noartifact",
            "pause_before_committing",
            "pause_before_installing",
            "pause_before_rebooting",
            "pending",
            "rebooting",
            "success");
    private static final Set<String> FINAL =
            Set.of("aborted", "already-installed", "decommissioned", "failure", "noartifact", "success");
    private static final String MADE_UP = "/v2/devauth/devices";
    private static final int LARGEST_PAGE = 500;
    private static final String NOT_FOUND = "Resource not found";
    private static final Reply NO_DEVICES = Reply.error(400, "No devices for the deployment");

    private final Flavour flavour;
    private final Deployments artifacts;
    private final Map<String, Device> devices = new LinkedHashMap<>();
    private final List<Deployment> deployments = new ArrayList<>();
    private final Map<String, List<String>> tags = new TreeMap<>();
    private final Map<String, String> notes = new TreeMap<>();
    private final List<String> aborts = new ArrayList<>();

    private record Device(String id, String type, String group) {}

    /** A deployment with the state of every device that has asked for it. */
    private static final class Deployment {
        private final String id = UUID.randomUUID().toString();
        private final ObjectNode order;
        private final String group;
        private final List<String> targets;
        private final Map<String, String> states = new LinkedHashMap<>();
        private final Map<String, String> logs = new TreeMap<>();
        private boolean started;
        private boolean finished;

        private Deployment(ObjectNode order, String group, List<String> targets) {
            this.order = order;
            this.group = group;
            this.targets = targets;
        }
    }

    Rollouts(Flavour flavour, Deployments artifacts) {
        this.flavour = flavour;
        this.artifacts = artifacts;
    }

    /** Accepts so many new devices and {@return their ids}. */
    public synchronized List<String> accept(int number, String type, String group) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String id = UUID.randomUUID().toString();
            devices.put(id, new Device(id, type, group));
            ids.add(id);
        }
        return ids;
    }

    /** {@return the ids of all deployments, the oldest first} */
    public synchronized List<String> deployments() {
        return deployments.stream().map(one -> one.id).toList();
    }

    /** {@return the ids of those that were aborted, in their order} */
    public synchronized List<String> aborts() {
        return List.copyOf(aborts);
    }

    /** {@return the devices that a deployment is for} */
    public synchronized List<String> targets(String deployment) {
        return List.copyOf(find(deployment).targets);
    }

    /** Aborts a deployment as somebody in the web interface does. */
    public synchronized void abort(String deployment) {
        abortBy(find(deployment));
    }

    /** {@return the tags of a Release} */
    public synchronized List<String> tags(String release) {
        return tags.getOrDefault(release, List.of());
    }

    /** {@return the notes of a Release} */
    public synchronized String notes(String release) {
        return notes.getOrDefault(release, "");
    }

    /** A device asks if it has not yet, and reports a state. {@return the status that it is answered} */
    public synchronized int report(String deployment, String device, String state) {
        Deployment one = find(deployment);
        if (one.finished) {
            return 409;
        }
        one.states.put(device, state);
        one.started |= !state.equals("pending");
        finish(one);
        return 204;
    }

    /** A device sends its log of a deployment. */
    public synchronized void log(String deployment, String device, String text) {
        find(deployment).logs.put(device, text);
    }

    /** Removes a device from the server. */
    public synchronized void decommission(String device) {
        devices.remove(device);
        for (Deployment one : deployments) {
            if (!one.finished && one.targets.contains(device) && !FINAL.contains(one.states.getOrDefault(device, ""))) {
                one.states.put(device, "decommissioned");
                finish(one);
            }
        }
    }

    /** Creates a deployment as somebody else and {@return its id}. */
    public synchronized String create(String name, String artifact, String group) {
        deploy(Json.object("name", name, "artifact_name", artifact), group);
        return deployments.get(deployments.size() - 1).id;
    }

    private static void finish(Deployment one) {
        one.finished |= one.states.values().stream().filter(FINAL::contains).count() >= one.targets.size();
    }

    private Deployment find(String id) {
        return deployments.stream().filter(one -> one.id.equals(id)).findFirst().orElse(null);
    }

    /** Answers a request to a path below {@code /api/management}; null when it is not for this. */
    synchronized Reply handle(String method, String path, Map<String, String> query, String body) {
        String v1 = "/v1/deployments/deployments";
        String releases = "/v2/deployments/deployments/releases";
        if (path.startsWith(MADE_UP) || path.startsWith("/v1/inventory/devices/")) {
            return madeUp(method, path.split("/"), body);
        }
        if (path.equals("/v2/inventory/filters/search") && method.equals("POST")) {
            return search(Json.parse(body));
        }
        if (path.equals(releases) || path.startsWith(releases + "/")) {
            return flavour.since(Flavour.MENDER_4_1)
                    ? release(method, path.substring(releases.length()), body)
                    : Reply.error(404, NOT_FOUND);
        }
        if (path.equals(v1)) {
            return method.equals("POST") ? deploy(Json.parse(body), null) : list(query);
        }
        if (path.startsWith(v1 + "/group/")) {
            String group = path.substring((v1 + "/group/").length());
            return deploy(Json.parse(body), group);
        }
        return path.startsWith(v1 + "/")
                ? one(method, path.substring(v1.length() + 1).split("/"), query, body)
                : null;
    }

    /** A device that somebody makes up is accepted at once; real servers wait for it to authenticate. */
    private Reply madeUp(String method, String[] path, String body) {
        switch (method) {
            case "POST":
                String id = accept(1, "made-up", "").get(0);
                return Reply.empty(201).with("Location", "devices/" + id);
            case "PUT":
                devices.computeIfPresent(
                        path[4],
                        (same, device) -> new Device(
                                same,
                                device.type,
                                Json.parse(body).path("group").asText()));
                return Reply.empty(204);
            default:
                decommission(path[4]);
                return Reply.empty(204);
        }
    }

    private Reply deploy(JsonNode order, String group) {
        for (String field : List.of("name", "artifact_name")) {
            if (order.path(field).asText().isEmpty()) {
                return Reply.error(400, "Validating request body: " + field + ": cannot be blank.");
            }
        }
        List<String> targets = new ArrayList<>();
        order.path("devices").forEach(id -> targets.add(id.asText()));
        if (group == null && targets.isEmpty() && !order.path("all_devices").asBoolean()) {
            return Reply.error(
                    400,
                    "Validating request body: Invalid deployments definition: provide list of devices or set all_devices"
                            + " flag");
        }
        if (targets.isEmpty()) {
            devices.values().stream()
                    .filter(device -> group == null || group.equals(device.group))
                    .forEach(device -> targets.add(device.id));
        }
        if (targets.isEmpty()) {
            return NO_DEVICES;
        }
        if (artifacts.artifacts().stream()
                .noneMatch(one ->
                        one.header().name().equals(order.path("artifact_name").asText()))) {
            return Reply.error(422, "No artifact for the deployment");
        }
        boolean twin = deployments.stream()
                .anyMatch(one -> !one.finished
                        && one.targets.equals(targets)
                        && one.order.path("name").equals(order.path("name"))
                        && one.order.path("artifact_name").equals(order.path("artifact_name"))
                        && one.order.path("force_installation").asBoolean()
                                == order.path("force_installation").asBoolean());
        if (twin && flavour.since(Flavour.MENDER_4_1)) {
            return Reply.error(
                    409,
                    "Invalid deployment definition: there is already an active deployment with the same parameters");
        }
        Deployment one = new Deployment((ObjectNode) order, group, targets);
        deployments.add(one);
        String path = "/management/v1/deployments/deployments/" + one.id;
        return Reply.empty(201).with("Location", (flavour.since(Flavour.MENDER_4_1) ? "/api" : ".") + path);
    }

    private Reply list(Map<String, String> query) {
        if (number(query, "per_page", 20) > LARGEST_PAGE) {
            return Reply.error(
                    400,
                    flavour.since(Flavour.MENDER_4_0)
                            ? "parameter \"per_page\" above limit (max: 500)"
                            : "Param per_page is out of bounds");
        }
        String status = query.get("status");
        if (status != null
                && !List.of("pending", "inprogress", "finished", "aborted").contains(status)) {
            return Reply.error(400, "unknown status " + status);
        }
        List<ObjectNode> all = new ArrayList<>();
        for (int i = deployments.size() - 1; i >= 0; i--) {
            Deployment one = deployments.get(i);
            if (status == null || status.replace("aborted", "finished").equals(status(one))) {
                all.add(json(one));
            }
        }
        return page(all, query);
    }

    private Reply one(String method, String[] path, Map<String, String> query, String body) {
        if (!path[0].matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
            return Reply.error(400, "ID is not a valid UUID");
        }
        Deployment one = find(path[0]);
        String rest = String.join("/", List.of(path).subList(1, path.length));
        if (rest.equals("status") && method.equals("PUT")) {
            String word = Json.parse(body).path("status").asText();
            if (!word.equals("aborted")) {
                return Reply.error(
                        400,
                        STATES.contains(word)
                                ? "Unexpected deployment status"
                                : "invalid status for device '" + word + "'");
            }
            return abortBy(one);
        }
        if (one == null) {
            boolean crashes = rest.isEmpty() && !flavour.since(Flavour.MENDER_4_1);
            return crashes
                    ? Reply.error(500, "Internal Server Error")
                    : Reply.error(404, rest.startsWith("devices") ? "Deployment not found" : NOT_FOUND);
        }
        if (!method.equals("GET")) {
            return Reply.error(405, flavour.words("Method not allowed", "method not allowed"));
        }
        if (path.length == 4 && path[3].equals("log")) {
            String log = one.logs.get(path[2]);
            return log == null ? Reply.error(404, NOT_FOUND) : new Reply(200, Map.of(), "text/plain", log);
        }
        return switch (rest) {
            case "" -> Reply.json(200, json(one).toString());
            case "statistics" -> Reply.json(200, counts(one).toString());
            case "device_list" ->
                Reply.json(200, Json.MAPPER.valueToTree(one.targets).toString());
            case "devices/list" -> page(deviceStates(one, query.get("status")), query);
            default -> Reply.error(404, NOT_FOUND);
        };
    }

    private static List<ObjectNode> deviceStates(Deployment one, String status) {
        List<ObjectNode> list = new ArrayList<>();
        one.states.forEach((device, state) -> {
            if (status == null || status.equals(state)) {
                list.add(Json.object("id", device, "status", state, "log", one.logs.containsKey(device)));
            }
        });
        return list;
    }

    /** Devices at work become aborted, those that never asked vanish from the counters. */
    private Reply abortBy(Deployment one) {
        if (one == null || one.finished) {
            return Reply.error(422, "Deployment already finished");
        }
        one.states.replaceAll((device, state) -> FINAL.contains(state) ? state : "aborted");
        one.finished = true;
        aborts.add(one.id);
        return Reply.empty(204);
    }

    private static String status(Deployment one) {
        if (one.finished) {
            return "finished";
        }
        return one.started ? "inprogress" : "pending";
    }

    private ObjectNode counts(Deployment one) {
        ObjectNode counts = Json.MAPPER.createObjectNode();
        STATES.forEach(state -> counts.put(state, 0));
        one.states
                .values()
                .forEach(state -> counts.put(state, counts.path(state).asInt() + 1));
        if (flavour.since(Flavour.MENDER_4_0) && !one.finished) {
            int silent = one.targets.size() - one.states.size();
            counts.put("pending", counts.path("pending").asInt() + silent);
        }
        return counts;
    }

    private ObjectNode json(Deployment one) {
        ObjectNode json = Json.object(
                "id",
                one.id,
                "name",
                one.order.path("name").asText(),
                "artifact_name",
                one.order.path("artifact_name").asText(),
                "status",
                status(one),
                "device_count",
                one.states.size(),
                "max_devices",
                one.targets.size());
        if (one.order.path("force_installation").asBoolean()) {
            json.put("force_installation", true);
        }
        if (one.group != null) {
            json.putArray("groups").add(one.group);
        }
        json.putObject("statistics").put("total_size", 0).set("status", counts(one));
        return json;
    }

    private static Reply page(Collection<ObjectNode> all, Map<String, String> query) {
        int page = number(query, "page", 1);
        int perPage = number(query, "per_page", 20);
        ArrayNode list = Json.MAPPER.createArrayNode();
        all.stream().skip((page - 1L) * perPage).limit(perPage).forEach(list::add);
        return Reply.json(200, list.toString()).with("X-Total-Count", String.valueOf(all.size()));
    }

    private static int number(Map<String, String> query, String name, int otherwise) {
        return Integer.parseInt(query.getOrDefault(name, String.valueOf(otherwise)));
    }

    private Reply search(JsonNode search) {
        Set<String> ids = new HashSet<>();
        search.path("device_ids").forEach(id -> ids.add(id.asText()));
        Predicate<Device> fits = device -> ids.isEmpty() || ids.contains(device.id);
        for (JsonNode filter : search.path("filters")) {
            if (filter.path("attribute").asText().equals("group")) {
                fits = fits.and(device -> filter.path("value").asText().equals(device.group));
            }
        }
        boolean identity = search.path("attributes").isMissingNode();
        List<ObjectNode> found = new ArrayList<>();
        for (Device device : devices.values().stream().filter(fits).toList()) {
            ObjectNode json = Json.object("id", device.id);
            ArrayNode attributes = json.putArray("attributes");
            attributes.add(Json.object("name", "device_type", "value", device.type, "scope", "inventory"));
            if (identity) {
                attributes.add(
                        Json.object("name", "mac", "value", "02:" + device.id.substring(0, 4), "scope", "identity"));
                attributes.add(Json.object("name", "status", "value", "accepted", "scope", "identity"));
            }
            found.add(json);
        }
        int perPage = search.path("per_page").asInt(20);
        return page(found, Map.of("page", search.path("page").asText("1"), "per_page", String.valueOf(perPage)));
    }

    private Reply release(String method, String rest, String body) {
        if (rest.isEmpty()) {
            return Reply.json(200, "[]");
        }
        boolean ofTags = rest.endsWith("/tags");
        String name = rest.substring(1, rest.length() - (ofTags ? "/tags".length() : 0));
        if (name.contains("/")) {
            return Reply.error(404, "not found");
        }
        if (artifacts.artifacts().stream().noneMatch(one -> one.header().name().equals(name))) {
            return Reply.error(404, "release not found");
        }
        if (method.equals("GET")) {
            ObjectNode json = Json.object("name", name, "tags", tags(name), "notes", notes(name));
            return Reply.json(200, json.toString());
        }
        return ofTags
                ? tag(name, Json.parse(body))
                : note(name, Json.parse(body).path("notes").asText(""));
    }

    private Reply tag(String name, JsonNode given) {
        Set<String> all = new LinkedHashSet<>();
        for (JsonNode tag : given) {
            if (tag.asText().isEmpty()) {
                return Reply.error(400, "invalid request body: tag cannot be empty");
            }
            String odd = tag.asText().replaceAll("[A-Za-z0-9_.-]", "");
            if (!odd.isEmpty()) {
                return Reply.error(
                        400,
                        "invalid request body: invalid character '" + odd.charAt(0) + "' in string \"" + tag.asText()
                                + '"');
            }
            all.add(tag.asText().toLowerCase(Locale.ROOT));
        }
        if (all.size() > 20) {
            return Reply.error(400, "invalid request body: the total number of tags per exceeded maximum of 20");
        }
        tags.put(name, List.copyOf(all));
        return Reply.empty(204);
    }

    private Reply note(String name, String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            return Reply.error(400, "invalid request body: invalid character");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > 1024) {
            return Reply.error(400, "invalid request body: release notes too long");
        }
        notes.put(name, text);
        return Reply.empty(204);
    }
}
