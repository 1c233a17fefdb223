package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.http.Request;
import io.jenkins.plugins.mender.http.Request.Body;
import io.jenkins.plugins.mender.http.Response;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;

/**
 * The calls of Mender's management API about Releases, devices and deployments: what to say, and what the answer means. Facts come from
 * answers of the open-source Mender Server, 4.1.3 and the service deployments 4.5.2. Each call throws {@link ApiError} when the server
 * refuses, {@link TransportException} when no answer came, and {@link InterruptedException} when the thread was interrupted.
 */
public final class DeploymentApi {
    private static final String DEPLOYMENTS = "/v1/deployments/deployments";
    private static final String RELEASES = "/v2/deployments/deployments/releases";

    /** Deployments for each page of a list: one to a list of devices repeats all their ids. */
    private static final int DEPLOYMENTS_PAGE = 20;

    private static final int DEVICES_PAGE = 500;
    private static final int MOST_PAGES = 500;
    private static final int TEXT_CHARS = 200;
    private static final int LOG_BYTES = 1024 * 1024;

    private final MenderApi api;

    /**
     * Which devices are meant: exactly one of the three.
     *
     * @param group the name of a static group, or null
     * @param devices ids of devices, each once; empty when it is not these that are meant
     * @param all whether all devices are meant
     */
    public record Target(String group, List<String> devices, boolean all) {}

    /**
     * A device as the inventory knows it.
     *
     * @param id its id
     * @param type its device type, empty when it has not told
     * @param identity its identity in words, such as {@code mac=…}, possibly empty
     */
    public record Device(String id, String type, String identity) {}

    /**
     * What has become of a device of a deployment.
     *
     * @param id its id
     * @param state the state, one of Mender's words such as {@code failure}
     * @param hasLog whether it sent a log
     */
    public record DeviceState(String id, String state, boolean hasLog) {}

    /**
     * A deployment.
     *
     * @param id its id
     * @param name its name
     * @param artifact the name of its Artifact
     * @param groups the groups that it was made for, possibly none
     * @param force whether it installs what is installed already
     * @param finished whether it is over, which says nothing of success
     * @param total for how many devices it is
     * @param counts how many devices are in which state
     */
    public record Deployment(
            String id,
            String name,
            String artifact,
            List<String> groups,
            boolean force,
            boolean finished,
            int total,
            DeviceCounts counts) {
        private static Deployment of(JsonNode json) {
            JsonNode own = Json.object(json);
            Map<String, Integer> counts = new TreeMap<>();
            own.path("statistics")
                    .path("status")
                    .properties()
                    .forEach(
                            state -> counts.put(state.getKey(), state.getValue().asInt()));
            return new Deployment(
                    own.path("id").asText(),
                    own.path("name").asText(),
                    own.path("artifact_name").asText(),
                    Json.texts(own.path("groups")),
                    own.path("force_installation").asBoolean(),
                    own.path("status").asText().equals("finished"),
                    own.path("max_devices").asInt(),
                    new DeviceCounts(counts));
        }
    }

    /**
     * Creates the calls.
     *
     * @param api the server, and who asks
     */
    public DeploymentApi(MenderApi api) {
        this.api = api;
    }

    /**
     * Finds the devices of a target, accepted ones alone as a deployment has them, all pages of them
     * ({@code POST /v2/inventory/filters/search}).
     *
     * @param target which devices
     * @param identities whether to tell their identities as well, which are longer than all the rest
     * @return the devices; of ids that the server does not know none
     */
    public List<Device> devices(Target target, boolean identities)
            throws ApiError, TransportException, InterruptedException {
        ObjectNode search = JsonNodeFactory.instance.objectNode();
        ArrayNode filters = search.putArray("filters");
        filters.add(filter("identity", "status", "$eq").put("value", "accepted"));
        if (target.group() != null) {
            filters.add(filter("system", "group", "$eq").put("value", target.group()));
        }
        if (!identities) {
            search.putArray("attributes").addObject().put("scope", "inventory").put("attribute", "device_type");
        }
        if (target.devices().isEmpty()) {
            return search(search);
        }
        List<Device> found = new ArrayList<>();
        for (int from = 0; from < target.devices().size(); from += DEVICES_PAGE) {
            int to = Math.min(target.devices().size(), from + DEVICES_PAGE);
            ArrayNode ids = search.putArray("device_ids");
            target.devices().subList(from, to).forEach(ids::add);
            found.addAll(search(search));
        }
        found.removeIf(device -> !target.devices().contains(device.id()));
        return found;
    }

    private static ObjectNode filter(String scope, String attribute, String type) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("scope", scope)
                .put("attribute", attribute)
                .put("type", type);
    }

    private List<Device> search(ObjectNode search) throws ApiError, TransportException, InterruptedException {
        List<Device> found = new ArrayList<>();
        search.put("per_page", DEVICES_PAGE);
        for (int page = 1; page <= MOST_PAGES; page++) {
            search.put("page", page);
            Request request = request("POST", "/v2/inventory/filters/search", search);
            List<Device> some = api.call(
                    request,
                    Transport.Listener.NONE,
                    response ->
                            list(response).stream().map(DeploymentApi::device).toList());
            found.addAll(some);
            if (some.size() < DEVICES_PAGE) {
                break;
            }
        }
        return found;
    }

    private static Device device(JsonNode json) {
        String type = "";
        List<String> identity = new ArrayList<>();
        for (JsonNode attribute : Json.elements(json.path("attributes"))) {
            String name = attribute.path("name").asText();
            String value = attribute.path("value").asText();
            if (attribute.path("scope").asText().equals("identity") && !name.equals("status")) {
                identity.add(name + "=" + value);
            } else if (name.equals("device_type")) {
                type = value;
            }
        }
        return new Device(json.path("id").asText(), type, PlainText.oneLine(String.join(", ", identity), TEXT_CHARS));
    }

    /**
     * Creates a deployment ({@code POST /deployments/deployments}, for a group {@code …/group/{name}}). Nothing is sent that was not asked
     * for: servers ignore what they do not know, with 201.
     *
     * @param name the deployment's name
     * @param artifact the Artifact's name
     * @param target for which devices
     * @param force whether to install what is installed already
     * @return the new deployment's id, from the end of {@code Location}
     */
    public String create(String name, String artifact, Target target, boolean force)
            throws ApiError, TransportException, InterruptedException {
        ObjectNode body =
                JsonNodeFactory.instance.objectNode().put("name", name).put("artifact_name", artifact);
        if (force) {
            body.put("force_installation", true);
        }
        String path = DEPLOYMENTS;
        if (target.group() != null) {
            path += "/group/" + MenderServer.pathSegment(target.group());
        } else if (target.all()) {
            body.put("all_devices", true);
        } else {
            target.devices().forEach(body.putArray("devices")::add);
        }
        return api.call(request("POST", path, body), Transport.Listener.NONE, response -> {
            Matcher id = MenderApi.ID_AT_END.matcher(
                    MenderApi.expect(response, 201).header("Location").orElse(""));
            if (!id.find()) {
                throw new IllegalArgumentException("no id");
            }
            return id.group(1);
        });
    }

    /** {@return a deployment} A server of before 4.1 answers 500 for one that it does not know: {@link #isKnown} tells the two apart. */
    public Deployment deployment(String id) throws ApiError, TransportException, InterruptedException {
        return get(path(id), response -> Deployment.of(api.json(response)));
    }

    /** {@return whether the server knows a deployment} */
    public boolean isKnown(String id) throws ApiError, TransportException, InterruptedException {
        Request request = api.request("GET", path(id) + "/statistics", new Body.None());
        return api.call(
                request,
                Transport.Listener.NONE,
                response -> MenderApi.expect(response, 200, 400, 404).status() == 200);
    }

    /** {@return all deployments that are not over} */
    public List<Deployment> unfinished() throws ApiError, TransportException, InterruptedException {
        List<Deployment> all = new ArrayList<>();
        for (String status : List.of("pending", "inprogress")) {
            all.addAll(deployments("status=" + status + "&", deployment -> false, MOST_PAGES));
        }
        return all;
    }

    /** {@return the id of the deployment that was created last; null when there is none} */
    public String newest() throws ApiError, TransportException, InterruptedException {
        List<Deployment> first = deployments("", deployment -> false, 1);
        return first.isEmpty() ? null : first.get(0).id();
    }

    /** {@return the deployments that were created after one, or all} The first is the newest. */
    public List<Deployment> since(String id) throws ApiError, TransportException, InterruptedException {
        return deployments("", deployment -> deployment.id().equals(id), MOST_PAGES);
    }

    private List<Deployment> deployments(String query, Predicate<Deployment> end, int pages)
            throws ApiError, TransportException, InterruptedException {
        List<Deployment> all = new ArrayList<>();
        for (int page = 1; page <= pages; page++) {
            String path = DEPLOYMENTS + '?' + query + "per_page=" + DEPLOYMENTS_PAGE + "&page=" + page;
            List<Deployment> some = get(
                    path,
                    response -> list(response).stream().map(Deployment::of).toList());
            List<Deployment> before =
                    some.stream().takeWhile(Predicate.not(end)).toList();
            all.addAll(before);
            if (before.size() < DEPLOYMENTS_PAGE) {
                break;
            }
        }
        return all;
    }

    /** {@return the ids of the devices that a deployment is for, those included that have not asked for it yet} */
    public Set<String> targets(String id) throws ApiError, TransportException, InterruptedException {
        return get(path(id) + "/device_list", response -> Set.copyOf(Json.texts(api.json(response))));
    }

    /**
     * Lists devices of a deployment that are in a state; those that have not asked for it are in none.
     *
     * @param most how many at most
     */
    public List<DeviceState> devicesIn(String id, String state, int most)
            throws ApiError, TransportException, InterruptedException {
        String path = path(id) + "/devices/list?status=" + state + "&page=1&per_page=" + most;
        return get(
                path,
                response -> list(response).stream()
                        .map(device -> new DeviceState(
                                device.path("id").asText(),
                                PlainText.oneLine(device.path("status").asText(), TEXT_CHARS),
                                device.path("log").asBoolean()))
                        .toList());
    }

    /** {@return the last lines of what a device logged of a deployment, of a log of at most 1 MiB} */
    public List<String> log(String id, String device, int lines)
            throws ApiError, TransportException, InterruptedException {
        String path = path(id) + "/devices/" + MenderServer.pathSegment(device) + "/log";
        return api.get(path, LOG_BYTES, response -> {
            List<String> all = api.lines(response, LOG_BYTES);
            return all.subList(Math.max(0, all.size() - lines), all.size());
        });
    }

    /**
     * Aborts a deployment. Devices that have not asked for it never get it, those in the middle go on to the next of their steps, are told
     * then, and go back to what they had.
     *
     * @return whether it was aborted; false when it was over before, or is not known (422)
     */
    public boolean abort(String id) throws ApiError, TransportException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("status", "aborted");
        return api.call(
                request("PUT", path(id) + "/status", body),
                Transport.Listener.NONE,
                response -> MenderApi.expect(response, 204, 422).status() == 204);
    }

    /** {@return the tags of a Release; empty when there is none of this name, or the server has no tags (before 4.1)} */
    public Optional<List<String>> tags(String name) throws ApiError, TransportException, InterruptedException {
        Request request = api.request("GET", release(name, ""), new Body.None()).keeping(MenderApi.JSON_BYTES);
        return api.call(
                request,
                Transport.Listener.NONE,
                response -> MenderApi.expect(response, 200, 404).status() == 404
                        ? Optional.empty()
                        : Optional.of(Json.texts(api.json(response).path("tags"))));
    }

    /** {@return whether the server keeps tags and notes: from 4.1 on} */
    public boolean hasReleases() throws ApiError, TransportException, InterruptedException {
        Request request = api.request("GET", RELEASES + "?per_page=1&page=1", new Body.None());
        return api.call(
                request.keeping(MenderApi.JSON_BYTES),
                Transport.Listener.NONE,
                response -> MenderApi.expect(response, 200, 404, 405).status() == 200);
    }

    /** Replaces all tags of a Release. */
    public void tag(String name, List<String> tags) throws ApiError, TransportException, InterruptedException {
        ArrayNode body = JsonNodeFactory.instance.arrayNode();
        tags.forEach(body::add);
        Request request = request("PUT", release(name, "/tags"), body);
        api.call(request, Transport.Listener.NONE, response -> MenderApi.expect(response, 204));
    }

    /** Sets the notes of a Release. */
    public void note(String name, String notes) throws ApiError, TransportException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("notes", notes);
        Request request = request("PATCH", release(name, ""), body);
        api.call(request, Transport.Listener.NONE, response -> MenderApi.expect(response, 204));
    }

    private static String release(String name, String rest) {
        return RELEASES + '/' + MenderServer.pathSegment(name) + rest;
    }

    private static String path(String id) {
        return DEPLOYMENTS + '/' + MenderServer.pathSegment(id);
    }

    private Request request(String method, String path, JsonNode body) {
        return api.request(method, path, new Body.Json(body.toString())).keeping(MenderApi.JSON_BYTES);
    }

    private <T> T get(String path, MenderApi.Reading<T> reading)
            throws ApiError, TransportException, InterruptedException {
        return api.get(path, MenderApi.JSON_BYTES, reading);
    }

    private List<JsonNode> list(Response response) {
        JsonNode all = api.json(MenderApi.expect(response, 200));
        if (!all.isArray()) {
            throw new IllegalArgumentException("not a list");
        }
        return Json.elements(all);
    }
}
