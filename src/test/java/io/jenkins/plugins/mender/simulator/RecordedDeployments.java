package io.jenkins.plugins.mender.simulator;

import static io.jenkins.plugins.mender.simulator.ContractCase.reworded;
import static io.jenkins.plugins.mender.simulator.ContractCase.same;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.mender.simulator.ContractCase.Expected;
import io.jenkins.plugins.mender.simulator.ContractClient.Answer;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** The recorded cases of deployments, and of the tags and notes of Releases. Those to a device that no server has reach nobody. */
final class RecordedDeployments {
    private static final String DEPLOYMENTS = "/v1/deployments/deployments";
    private static final String UNKNOWN = "00000000-0000-4000-8000-000000000009";
    private static final String NOT_FOUND = "Resource not found";
    private static final String NO_TARGET =
            "Validating request body: Invalid deployments definition: provide list of devices or set all_devices flag";
    private static final String TWIN =
            "Invalid deployment definition: there is already an active deployment with the same parameters";
    private static final String TO_NOBODY = ",\"devices\":[\"" + UNKNOWN + "\"]";

    private RecordedDeployments() {}

    static List<ContractCase> creation() {
        return List.of(
                same("deployment to a device that does not exist", c -> c.deploy("", c.release(), TO_NOBODY), 201),
                since41(
                        "deployment, the same once more",
                        c -> {
                            c.deploy("", c.release(), TO_NOBODY);
                            return c.deploy("", c.release(), TO_NOBODY);
                        },
                        new Expected(409, TWIN),
                        new Expected(201, null)),
                same("deployment, no target", c -> c.deploy("", c.release(), ""), 400, NO_TARGET),
                same(
                        "deployment, no Artifact of that name",
                        c -> c.deploy("", "no-such-name-here", TO_NOBODY),
                        422,
                        "No artifact for the deployment"),
                same(
                        "deployment, Artifact name empty",
                        c -> c.deploy("", "", TO_NOBODY),
                        400,
                        "Validating request body: artifact_name: cannot be blank."),
                same(
                        "deployment to a group that does not exist",
                        c -> c.deploy("/group/no-such-group-here", c.release(), ""),
                        400,
                        "No devices for the deployment"),
                same(
                        "deployment with keys of others",
                        c -> c.deploy("", c.release(), TO_NOBODY + ",\"phases\":[{\"batch_size\":10}],\"retries\":3"),
                        201),
                same("deployment to a group", c -> c.deploy("/group/" + c.group(), c.release(), ""), 201),
                same(
                        "deployment to a group, and what it is for",
                        c -> {
                            String group = c.group();
                            Answer created = c.deploy("/group/" + group, c.release(), "");
                            return holding(
                                    c.get(DEPLOYMENTS + "/" + created.id()),
                                    json -> json.path("max_devices").asInt() == 1
                                            && json.path("groups")
                                                    .path(0)
                                                    .asText()
                                                    .equals(group));
                        },
                        200));
    }

    static List<ContractCase> reading() {
        return List.of(
                same(
                        "GET deployment",
                        c -> holding(
                                c.get(created(c)),
                                json -> json.path("max_devices").asInt() == 1
                                        && json.path("status").asText().equals("pending")
                                        && json.path("statistics")
                                                        .path("status")
                                                        .size()
                                                == 13),
                        200),
                same(
                        "GET deployment, devices that have not asked are in no list",
                        c -> holding(c.get(created(c) + "/devices/list"), json -> json.isEmpty()),
                        200),
                same(
                        "GET deployment, but are targets",
                        c -> holding(
                                c.get(created(c) + "/device_list"),
                                json -> json.path(0).asText().equals(UNKNOWN)),
                        200),
                same(
                        "GET deployment, log that is not there",
                        c -> c.get(created(c) + "/devices/" + UNKNOWN + "/log"),
                        404,
                        NOT_FOUND),
                since41(
                        "GET deployment that is unknown",
                        c -> c.get(DEPLOYMENTS + "/" + UNKNOWN),
                        new Expected(404, NOT_FOUND),
                        new Expected(500, "Internal Server Error")),
                same("GET deployment, no UUID", c -> c.get(DEPLOYMENTS + "/abc"), 400, "ID is not a valid UUID"),
                same(
                        "GET statistics of a deployment that is unknown",
                        c -> c.get(DEPLOYMENTS + "/" + UNKNOWN + "/statistics"),
                        404,
                        NOT_FOUND),
                same(
                        "GET devices of a deployment that is unknown",
                        c -> c.get(DEPLOYMENTS + "/" + UNKNOWN + "/devices/list"),
                        404,
                        "Deployment not found"),
                same("list deployments", c -> c.get(DEPLOYMENTS + "?status=inprogress&per_page=20&page=1"), 200),
                same(
                        "list deployments, wrong status",
                        c -> c.get(DEPLOYMENTS + "?status=running"),
                        400,
                        "unknown status running"),
                reworded(
                        "list deployments, page too long",
                        c -> c.get(DEPLOYMENTS + "?per_page=501"),
                        400,
                        "parameter \"per_page\" above limit (max: 500)",
                        "Param per_page is out of bounds"),
                same(
                        "search devices",
                        c -> holding(
                                c.send(
                                        "POST",
                                        "/v2/inventory/filters/search",
                                        "{\"page\":1,\"per_page\":500,\"device_ids\":[\"" + UNKNOWN + "\"]}"),
                                json -> json.isArray() && json.isEmpty()),
                        200));
    }

    static List<ContractCase> abort() {
        return List.of(
                same("abort deployment", c -> c.abort(created(c)), 204),
                same(
                        "abort deployment, and how it is told",
                        c -> {
                            String path = created(c);
                            c.abort(path);
                            return holding(
                                    c.get(path),
                                    json -> json.path("status").asText().equals("finished"));
                        },
                        200),
                same(
                        "abort deployment again",
                        c -> {
                            String path = created(c);
                            c.abort(path);
                            return c.abort(path);
                        },
                        422,
                        "Deployment already finished"),
                same(
                        "abort deployment that is unknown",
                        c -> c.abort(DEPLOYMENTS + "/" + UNKNOWN),
                        422,
                        "Deployment already finished"),
                same(
                        "abort deployment, wrong word",
                        c -> c.send("PUT", created(c) + "/status", "{\"status\":\"finished\"}"),
                        400,
                        "invalid status for device 'finished'"));
    }

    static List<ContractCase> releases() {
        String releases = "/v2/deployments/deployments/releases";
        Expected none = new Expected(404, NOT_FOUND);
        return List.of(
                since41("list Releases", c -> c.get(releases + "?per_page=1&page=1"), new Expected(200, null), none),
                since41("GET Release", c -> c.get(releases + "/" + c.release()), new Expected(200, null), none),
                since41(
                        "tags",
                        c -> c.send("PUT", releases + "/" + c.release() + "/tags", "[\"Contract-Test\"]"),
                        new Expected(204, null),
                        none),
                since41(
                        "tags, a colon",
                        c -> c.send("PUT", releases + "/" + c.release() + "/tags", "[\"build:42\"]"),
                        new Expected(400, "invalid request body: invalid character ':' in string \"build:42\""),
                        none),
                since41(
                        "notes",
                        c -> c.send("PATCH", releases + "/" + c.release(), "{\"notes\":\"Build 42\"}"),
                        new Expected(204, null),
                        none),
                since41(
                        "notes, too long",
                        c -> c.send("PATCH", releases + "/" + c.release(), "{\"notes\":\"" + "ü".repeat(600) + "\"}"),
                        new Expected(400, "invalid request body: release notes too long"),
                        none),
                since41(
                        "notes, cleared by a PATCH without them",
                        c -> {
                            String release = releases + "/" + c.release();
                            c.send("PATCH", release, "{\"notes\":\"Build 42\"}");
                            c.send("PATCH", release, "{\"tags\":[\"a\"]}");
                            return holding(
                                    c.get(release),
                                    json -> json.path("notes").asText().isEmpty());
                        },
                        new Expected(200, null),
                        none));
    }

    private static ContractCase since41(String name, ContractCase.Request request, Expected since41, Expected before) {
        return new ContractCase(name, request, since41, before, before);
    }

    /** Creates a deployment, and {@return its path} */
    private static String created(ContractClient client) throws IOException {
        return DEPLOYMENTS + "/"
                + client.deploy("", client.release(), TO_NOBODY).id();
    }

    /** {@return an answer, which fits nothing when it is good and its body is not as it should be} */
    private static Answer holding(Answer answer, Predicate<JsonNode> fact) {
        boolean holds = answer.status() != 200 || fact.test(answer.json());
        return holds ? answer : new Answer(0, answer.body(), answer.location(), answer.requestId());
    }
}
