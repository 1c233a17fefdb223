package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.Artifact;
import io.jenkins.plugins.mender.api.DeploymentApi;
import io.jenkins.plugins.mender.api.DeploymentApi.Deployment;
import io.jenkins.plugins.mender.api.DeploymentApi.Device;
import io.jenkins.plugins.mender.api.MenderApi;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.upload.DeploymentWatch.Access;
import io.jenkins.plugins.mender.upload.DeploymentWatch.Order;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds or creates the one deployment of an order, after all that can be checked before. What it knows is saved with the watch. */
final class DeploymentCreation implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int MOST_NAMES = 10;
    private static final int MOST_OLDER = 10;

    private final Order order;
    private String id;
    private boolean own;

    /** Whether a request to create it went out, so that it may be there; the newest deployment before that. */
    private boolean attempted;

    private String newest;
    private int counted;

    private transient Access access;
    private transient MenderApi artifacts;
    private transient DeploymentApi api;

    DeploymentCreation(Order order) {
        this.order = order;
        this.id = order.existing();
    }

    /** {@return the deployment's id; null before it is known} */
    String id() {
        return id;
    }

    /** {@return whether this created it} */
    boolean isOwn() {
        return own;
    }

    /** {@return whether it may be there without anybody knowing its id} */
    boolean isPerhapsThere() {
        return attempted && id == null;
    }

    /** {@return how many devices the target had when they were counted; 0 when they were not} */
    int counted() {
        return counted;
    }

    /** Tells it how to talk to the server. */
    void open(Access way, MenderApi server, DeploymentApi deployments) {
        access = way;
        artifacts = server;
        api = deployments;
    }

    /** {@return a sentence that says what became of the deployment} */
    String state() {
        if (id != null) {
            return Texts.get("deployed.GOES_ON", Texts.line(id));
        }
        return attempted ? Texts.get("deployed.PERHAPS", Texts.line(order.name())) : Texts.get("deployed.NOTHING");
    }

    /** {@return a failure whose message says what became of the deployment} */
    UploadFailure failure(String key, Object... arguments) {
        List<String> why =
                Texts.has("why." + key) ? FailureReport.lines(Texts.get("why." + key, arguments)) : List.of();
        return new UploadFailure(Texts.get("gist." + key, arguments), UploadFailure.Stored.NOTHING, why).but(state());
    }

    /** Finds it or creates it; of one that was given by its id, and of no other, it is asked only whether it is there. */
    void create() throws ApiError, TransportException, UploadFailure, InterruptedException {
        if (id != null) {
            if (order.existing() != null && !api.isKnown(id)) {
                throw failure("deploy.unknown", Texts.line(id), access.server());
            }
            return;
        }
        if (find()) {
            tell("deploy.found", id);
            access.journal().save();
            return;
        }
        if (order.group() != null && order.group().contains("/")) {
            throw failure("deploy.slash", Texts.line(order.group()));
        }
        List<Artifact> release = artifacts.artifactsNamed(order.artifact());
        if (release.isEmpty()) {
            throw failure("deploy.release", Texts.line(order.artifact()), access.server());
        }
        List<Device> devices = api.devices(order.target(), false);
        List<String> ids = devices.stream().map(Device::id).toList();
        check(devices, ids, release);
        List<Deployment> others = api.unfinished();
        Optional<Deployment> twin = matching(others, ids);
        if (twin.isPresent()) {
            tell("deploy.taken", twin.get().id());
            take(twin.get().id(), false);
            return;
        }
        boolean again = attempted;
        if (!again) {
            nameOlder(others, Set.copyOf(ids));
            newest = api.newest();
            attempted = true;
            access.journal().save();
        }
        try {
            take(api.create(order.name(), order.artifact(), order.target(), order.force()), true);
        } catch (ApiError e) {
            Optional<Deployment> there = e.status() == 409 ? matching(api.since(newest), ids) : Optional.empty();
            if (there.isEmpty()) {
                boolean refused = e.status() >= 400 && e.status() < 500 && e.bodyKind() == ApiError.BodyKind.JSON;
                attempted = again || !refused;
                throw e;
            }
            take(there.get().id(), again);
        }
    }

    /** Looks for what it may have created without knowing, and {@return whether it is there} */
    boolean find() throws ApiError, TransportException, InterruptedException {
        if (isPerhapsThere()) {
            matching(api.since(newest), order.devices()).ifPresent(there -> {
                id = there.id();
                own = true;
            });
        }
        return id != null;
    }

    private void take(String deployment, boolean created) throws InterruptedException {
        id = deployment;
        own = created;
        access.journal().save();
    }

    private void check(List<Device> devices, List<String> ids, List<Artifact> release) throws UploadFailure {
        List<String> unknown = new ArrayList<>(order.devices());
        unknown.removeAll(ids);
        if (!unknown.isEmpty()) {
            throw failure("deploy.devices", names(unknown), access.server());
        }
        if (ids.isEmpty()) {
            throw failure("deploy.none", target(), access.server());
        }
        counted = ids.size();
        if (order.goal().needed(ids.size()) > ids.size()) {
            throw failure("deploy.few", ids.size(), order.goal().minSuccess());
        }
        Set<String> types =
                release.stream().flatMap(one -> one.deviceTypes().stream()).collect(Collectors.toSet());
        Map<String, Long> misfits = devices.stream()
                .filter(device -> !device.type().isEmpty() && !types.contains(device.type()))
                .collect(Collectors.groupingBy(device -> Texts.line(device.type()), Collectors.counting()));
        tell(
                "deploy.target",
                Texts.line(order.artifact()),
                ids.size(),
                target(),
                access.server().label());
        if (!attempted) {
            if (ids.size() <= MOST_NAMES) {
                tell("deploy.ids", String.join(", ", ids));
            }
            if (!misfits.isEmpty()) {
                long number =
                        misfits.values().stream().mapToLong(Long::longValue).sum();
                tell("deploy.misfits", number, String.join(", ", misfits.keySet()), names(types));
            }
        }
    }

    private String target() {
        if (order.group() != null) {
            return Texts.get("deploy.target.group", Texts.line(order.group()));
        }
        return Texts.get(order.devices().isEmpty() ? "deploy.target.all" : "deploy.target.devices");
    }

    private static String names(Collection<String> all) {
        String first = all.stream().limit(MOST_NAMES).map(Texts::line).collect(Collectors.joining(", "));
        return all.size() > MOST_NAMES ? first + Texts.get("table.more", all.size() - MOST_NAMES) : first;
    }

    /** Devices take the oldest unfinished deployment first, so one that was forgotten is in the way of the new one. */
    private void nameOlder(List<Deployment> others, Set<String> ids)
            throws ApiError, TransportException, InterruptedException {
        List<Deployment> nearest = others.stream()
                .sorted(Comparator.comparing(
                        other -> order.group() == null || !other.groups().contains(order.group())))
                .limit(MOST_OLDER)
                .toList();
        for (Deployment other : nearest) {
            Set<String> shared = new HashSet<>(api.targets(other.id()));
            shared.retainAll(ids);
            if (!shared.isEmpty()) {
                tell("deploy.older", shared.size(), Texts.line(other.name()), Texts.line(other.artifact()), other.id());
            }
        }
        if (others.size() > MOST_OLDER) {
            tell("deploy.others", others.size(), MOST_OLDER);
        }
    }

    /** {@return the deployment of this name, Artifact and target} */
    private Optional<Deployment> matching(List<Deployment> some, List<String> ids)
            throws ApiError, TransportException, InterruptedException {
        for (Deployment one : some) {
            if (!one.name().equals(order.name())
                    || !one.artifact().equals(order.artifact())
                    || one.force() != order.force()) {
                continue;
            }
            boolean sameTarget = order.group() != null
                    ? one.groups().contains(order.group())
                    : one.groups().isEmpty()
                            && (ids.isEmpty() || api.targets(one.id()).equals(Set.copyOf(ids)));
            if (sameTarget) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    private void tell(String key, Object... arguments) {
        access.log().line(Texts.get(key, arguments));
    }
}
