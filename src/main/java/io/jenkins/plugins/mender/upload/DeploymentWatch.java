package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ApiError;
import io.jenkins.plugins.mender.api.DeploymentApi;
import io.jenkins.plugins.mender.api.DeploymentApi.Deployment;
import io.jenkins.plugins.mender.api.DeploymentApi.Device;
import io.jenkins.plugins.mender.api.DeploymentApi.DeviceState;
import io.jenkins.plugins.mender.api.DeploymentApi.Target;
import io.jenkins.plugins.mender.api.DeviceCounts;
import io.jenkins.plugins.mender.api.MenderApi;
import io.jenkins.plugins.mender.api.MenderServer;
import io.jenkins.plugins.mender.api.Token;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.upload.DeploymentGoal.OnTimeout;
import io.jenkins.plugins.mender.upload.DeploymentGoal.Verdict;
import io.jenkins.plugins.mender.upload.Retry.Setback;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Has one deployment created and watches it until it can be judged. It never waits by itself: {@link #advance} makes a few requests and says
 * when to come again. What it knows is saved with it, so that it goes on after a restart: it is told how to talk to the server by
 * {@link #open} then. Not safe for several threads at once.
 */
public final class DeploymentWatch implements Serializable {
    private static final long serialVersionUID = 1;
    private static final long FIRST_WAIT = 15_000;
    private static final long LONGEST_WAIT = 120_000;
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(10);
    private static final Duration SIGN_OF_LIFE = Duration.ofMinutes(10);

    /** How long after the end of the time an answer is still waited for, from a server that cannot be reached. */
    private static final Duration GRACE = Duration.ofMinutes(10);

    /** How often to try what comes before the wait, and the abort. */
    private static final int ATTEMPTS = 10;

    private static final int MOST_NAMES = 10;
    private static final int MOST_LOGS = 3;
    private static final int LOG_LINES = 10;

    private final Order order;
    private final DeploymentCreation creation;
    private String name;
    private String artifact;
    private String group;
    private String page = "";
    private int total;
    private DeviceCounts counts = DeviceCounts.NONE;
    private long begun;
    private long told;
    private long wait = FIRST_WAIT;
    private int setbacks;
    private boolean renewed;
    private Verdict verdict = Verdict.OPEN;
    private boolean aborting;
    private boolean aborted;
    private boolean over;
    private final ArrayList<FailedDevice> failed = new ArrayList<>();

    private transient Access access;
    private transient DeploymentApi api;
    private transient FailureReport failures;

    /**
     * What to deploy where.
     *
     * @param name the deployment's name
     * @param artifact the Artifact's name
     * @param group the group, or null
     * @param devices the ids of the devices, possibly none
     * @param force whether to install what is installed already
     * @param existing the id of a deployment that is there and shall be waited for; null to create one
     * @param waiting whether to wait for the devices
     * @param goal when it is a success
     */
    public record Order(
            String name,
            String artifact,
            String group,
            List<String> devices,
            boolean force,
            String existing,
            boolean waiting,
            DeploymentGoal goal)
            implements Serializable {
        private static final long serialVersionUID = 1;

        public Order {
            devices = new ArrayList<>(devices);
        }

        Target target() {
            return new Target(group, devices, group == null && devices.isEmpty());
        }
    }

    /**
     * How to talk to the server.
     *
     * @param transport the way requests go
     * @param server where they go
     * @param credential what opens the server
     * @param pacing the time
     * @param log where to tell what happens
     * @param journal writes the watch down before it goes on
     */
    public record Access(
            Transport transport,
            MenderServer server,
            Credential credential,
            Pacing pacing,
            UploadLog log,
            Journal journal) {}

    /** Writes a watch down. */
    @FunctionalInterface
    public interface Journal {
        /** Writes it down; an interrupt ends the wait for that. */
        void save() throws InterruptedException;
    }

    /**
     * A device that did not get it.
     *
     * @param id its id
     * @param identity its identity in words, possibly empty
     * @param state its state, one of Mender's words
     */
    public record FailedDevice(String id, String identity, String state) implements Serializable {
        private static final long serialVersionUID = 1;
    }

    /** Creates the watch. */
    public DeploymentWatch(Order order) {
        this.order = order;
        this.creation = new DeploymentCreation(order);
        this.name = order.name();
        this.artifact = order.artifact();
        this.group = order.group() == null ? "" : order.group();
    }

    /** {@return the deployment's name} */
    public String name() {
        return name;
    }

    /** {@return the Artifact's name; null before that of a deployment that was there is known} */
    public String artifact() {
        return artifact;
    }

    /** {@return the group that it is for; empty when it is for other devices} */
    public String group() {
        return group;
    }

    /** {@return the deployment's id; null before it is known} */
    public String id() {
        return creation.id();
    }

    /** {@return the deployment's page; empty before that is known} */
    public String url() {
        return page;
    }

    /** {@return for how long it may wait for the devices} */
    public Duration longestWait() {
        return order.waiting() ? order.goal().timeout() : Duration.ZERO;
    }

    /** {@return for how many devices it is} */
    public int total() {
        return total;
    }

    /** {@return what the devices answered last} */
    public DeviceCounts counts() {
        return counts;
    }

    /** {@return when it began; the time to wait counts from there} */
    Instant begun() {
        return Instant.ofEpochMilli(begun);
    }

    /** {@return what can be said of it now} */
    public Verdict verdict() {
        return verdict;
    }

    /** {@return the first of the devices that did not get it, once it is judged} */
    public List<FailedDevice> failed() {
        return List.copyOf(failed);
    }

    /** {@return whether it may be there without anybody knowing its id, or runs and was created by this watch} */
    public boolean isUnderWay() {
        return !isDone() && (creation.isOwn() || creation.isPerhapsThere());
    }

    /** {@return whether it knows how to talk to the server; it forgets when its token is refused, for there may be another by then} */
    public boolean isOpen() {
        return access != null;
    }

    /** Tells it how to talk to the server. */
    public void open(Access way) {
        access = way;
        api = null;
        if (begun == 0 && way.server().isUnencrypted()) {
            way.log().line(Texts.get("log.unencrypted", way.server()));
        }
    }

    /**
     * Goes as far as it gets without waiting.
     *
     * @return when to come again, unless there is a verdict by then
     * @throws UploadFailure when nothing can come of it any more; its message says what became of the deployment
     * @throws InterruptedException when the thread was interrupted
     */
    public Duration advance() throws UploadFailure, InterruptedException {
        boolean looking = total > 0 && !aborting;
        try {
            logIn();
            if (aborting) {
                abort();
            } else if (total == 0) {
                creation.create();
                follow();
            } else {
                look();
            }
            renewed = false;
            if (setbacks > 0) {
                setbacks = 0;
                if (looking) {
                    tell("deploy.back");
                }
            }
            return Duration.ofMillis(aborting ? 0 : wait);
        } catch (ApiError e) {
            if (e.status() == 401 && !renewed) {
                renewed = true; // the credentials may hold another token by now
                access = null;
                return Duration.ZERO;
            }
            boolean own = e.bodyKind() == ApiError.BodyKind.JSON || e.status() == 401;
            Setback setback = Setback.of(e, Long.MAX_VALUE, access.pacing().now());
            if (!setback.passing() && (own || !looking) && !(creation.isPerhapsThere() && e.status() < 300)) {
                throw failures.deployment(e).but(creation.state());
            }
            return setBack(setback, looking, () -> failures.deployment(e));
        } catch (TransportException e) {
            Setback setback = Setback.of(e, Long.MAX_VALUE, FailureReport.gist(access.server(), e));
            if (!setback.passing() && !looking) {
                throw failures.unanswered(e).but(creation.state());
            }
            return setBack(setback, looking, () -> failures.unanswered(e));
        }
    }

    private void logIn() throws ApiError, TransportException, UploadFailure, InterruptedException {
        if (api != null) {
            return;
        }
        failures = new FailureReport(access.server(), access.credential(), null, access.pacing());
        Token token;
        if (access.credential() instanceof Credential.Login login) {
            token = MenderApi.login(access.transport(), access.server(), login.user(), login.password());
        } else {
            try {
                token = Token.of(((Credential.BearerToken) access.credential()).secret());
            } catch (IllegalArgumentException e) {
                throw failures.unusableToken().but(creation.state());
            }
        }
        failures = new FailureReport(access.server(), access.credential(), token, access.pacing());
        if (begun == 0) {
            begun = access.pacing().now().toEpochMilli();
            told = begun;
        }
        MenderApi server = new MenderApi(access.transport(), access.server(), token);
        api = new DeploymentApi(server);
        creation.open(access, server, api);
    }

    private interface Failing {
        UploadFailure failure();
    }

    private Duration setBack(Setback setback, boolean looking, Failing last) throws UploadFailure {
        setbacks++;
        Instant now = access.pacing().now();
        if (looking) {
            if (setbacks >= 3 && now.isAfter(end().plus(GRACE))) {
                conclude(Verdict.LATE, false);
                return Duration.ZERO;
            }
            if (setbacks == 1 || isSilentFor(SIGN_OF_LIFE)) {
                tell("deploy.away", setback.words());
            }
        } else if (setbacks >= ATTEMPTS) {
            if (aborting) {
                aborting = false;
                tell("deploy.notAborted", setback.words());
                return Duration.ZERO;
            }
            throw last.failure().but(creation.state());
        }
        Duration asked = setback.retryAfter().orElse(Duration.ZERO);
        Duration next = looking ? grow() : Duration.ofMillis(Math.min(LONGEST_WAIT, FIRST_WAIT * setbacks));
        if (asked.compareTo(next) > 0) {
            next = asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
        }
        if (!looking) {
            tell("log.retry", setback.words(), setbacks + 1, ATTEMPTS, Texts.time(next));
        }
        return next;
    }

    /** Reads the deployment back, since servers ignore what they do not know, and begins to wait for it. */
    private void follow() throws ApiError, TransportException, UploadFailure, InterruptedException {
        Deployment there = api.deployment(id());
        if (order.existing() == null
                && !(there.name().equals(order.name())
                        && there.artifact().equals(order.artifact())
                        && there.force() == order.force())) {
            throw creation.failure("deploy.other", Texts.line(there.name()), Texts.line(there.artifact()));
        }
        if (order.existing() != null) {
            name = Texts.line(there.name());
            artifact = Texts.line(there.artifact());
            group = Texts.line(String.join(", ", there.groups()));
        }
        total = Math.max(1, there.total());
        if (creation.counted() > 0 && creation.counted() != there.total()) {
            tell("deploy.changed", there.total(), creation.counted());
        }
        tell("deploy.deployment", Texts.line(there.name()), Texts.line(there.artifact()), there.total(), id());
        page = access.server().deploymentPage(id()).toString();
        access.log().line("  " + access.log().link(access.server().deploymentPage(id())));
        if (!order.waiting()) {
            verdict = Verdict.STARTED;
        } else {
            judge(there);
        }
        access.journal().save();
    }

    private void look() throws ApiError, TransportException, InterruptedException {
        judge(api.deployment(id()));
    }

    private void judge(Deployment now) throws InterruptedException {
        if (!now.counts().equals(counts)) {
            counts = now.counts();
            wait = FIRST_WAIT;
            told = 0;
        } else {
            grow();
        }
        if (isSilentFor(SIGN_OF_LIFE)) {
            Duration time = Duration.between(begun(), access.pacing().now());
            tell("deploy.counts", counts.succeeded(), total, words(counts, total), Texts.time(time));
            if (counts.paused() > 0) {
                tell("deploy.paused", counts.paused());
            }
        }
        conclude(
                order.goal()
                        .judge(
                                counts,
                                total,
                                now.finished(),
                                !access.pacing().now().isBefore(end())),
                now.finished());
    }

    private Instant end() {
        return begun().plus(order.goal().timeout());
    }

    private boolean isSilentFor(Duration time) {
        return told + time.toMillis() <= access.pacing().now().toEpochMilli();
    }

    private Duration grow() {
        Duration now = Duration.ofMillis(wait);
        wait = Math.min(LONGEST_WAIT, wait * 4 / 3);
        return now;
    }

    /** {@return how many devices are how far, in words} */
    private static String words(DeviceCounts counts, int total) {
        List<String> words = new ArrayList<>();
        add(words, "deploy.state.active", counts.active());
        add(words, "deploy.state.paused", counts.paused());
        add(words, "deploy.state.pending", counts.pending(total));
        for (String state : DeviceCounts.FAILED.stream().sorted().toList()) {
            add(words, "deploy.state." + state, counts.of(state));
        }
        add(words, "deploy.state.decommissioned", counts.decommissioned());
        return words.isEmpty() ? "" : ": " + String.join(", ", words);
    }

    private static void add(List<String> words, String key, int number) {
        if (number > 0) {
            words.add(Texts.get(key, number));
        }
    }

    /** Ends the watch where there is a verdict, after the abort where that is to be. */
    private void conclude(Verdict last, boolean finished) {
        verdict = last;
        over = finished;
        if (verdict == Verdict.OPEN || verdict.isGood() || finished) {
            return;
        }
        boolean wanted = verdict == Verdict.FAILURE
                ? order.goal().abortOnFailure()
                : order.goal().onTimeout() == OnTimeout.ABORT;
        aborting = wanted && creation.isOwn();
        if (wanted && !aborting) {
            tell("deploy.foreign");
        }
    }

    /** {@return whether it is judged, and nothing is left to be done} */
    public boolean isDone() {
        return verdict != Verdict.OPEN && !aborting;
    }

    private void abort() throws ApiError, TransportException, InterruptedException {
        if (api.abort(id())) {
            aborted = true;
            tell("deploy.aborted");
        } else {
            DeviceCounts last = api.deployment(id()).counts();
            Verdict other = order.goal().judge(last, total, true, false);
            if (other.isGood()) { // the last devices were faster than the abort
                counts = last;
                verdict = other;
            }
            aborted = !other.isGood() && setbacks > 0; // the answer to the abort was lost
        }
        over = true;
        aborting = false;
    }

    /**
     * Aborts what this watch created, for a build that was aborted. It looks for what it may have created without knowing.
     *
     * @throws InterruptedException when the thread was interrupted
     */
    public void abandon() throws InterruptedException {
        try {
            logIn();
            if (creation.find() && api.abort(id())) {
                tell("deploy.aborted");
            }
        } catch (ApiError e) {
            tell("deploy.notAborted", FailureReport.answerLine(e));
        } catch (TransportException e) {
            tell("deploy.notAborted", FailureReport.gist(access.server(), e));
        } catch (UploadFailure e) {
            tell("deploy.notAborted", e.gist());
        }
    }

    /**
     * Tells in the log which devices did not get it, and the last lines of what the first of them logged. What cannot be had is left out.
     *
     * @throws InterruptedException when the thread was interrupted
     */
    public void report() throws InterruptedException {
        try {
            List<DeviceState> states = new ArrayList<>();
            for (String state : DeviceCounts.FAILED.stream().sorted().toList()) {
                if (counts.of(state) > 0 && states.size() < MOST_NAMES) {
                    states.addAll(api.devicesIn(id(), state, MOST_NAMES - states.size()));
                }
            }
            if (states.isEmpty()) {
                return;
            }
            Map<String, String> identities = identities(states);
            int logs = 0;
            for (DeviceState device : states) {
                String identity = identities.getOrDefault(device.id(), "");
                failed.add(new FailedDevice(device.id(), identity, device.state()));
                String called = identity.isEmpty() ? "" : " (" + Texts.line(identity) + ")";
                tell("deploy.device", Texts.line(device.id()), called, device.state());
                if (device.hasLog() && logs++ < MOST_LOGS) {
                    api.log(id(), device.id(), LOG_LINES)
                            .forEach(line -> access.log().line("    " + line));
                }
            }
        } catch (ApiError e) {
            tell("deploy.noDevices", FailureReport.answerLine(e));
        } catch (TransportException e) {
            tell("deploy.noDevices", FailureReport.gist(access.server(), e));
        }
    }

    private Map<String, String> identities(List<DeviceState> states) throws TransportException, InterruptedException {
        try {
            List<String> ids = states.stream().map(DeviceState::id).toList();
            return api.devices(new Target(null, ids, false), true).stream()
                    .collect(Collectors.toMap(Device::id, Device::identity, (one, other) -> one));
        } catch (ApiError e) {
            return Map.of(); // who may watch deployments need not see the inventory
        }
    }

    /** {@return one sentence that says how it ended, and what became of the deployment} */
    public String summary() {
        String state = verdict == Verdict.STARTED ? "" : words(counts, total);
        String end = "";
        if (aborted) {
            end = Texts.get("deployed.ABORTED");
        } else if (!over && verdict != Verdict.STARTED && verdict != Verdict.SUCCESS) {
            end = creation.state();
        }
        return (Texts.get("deploy.end." + verdict, counts.succeeded(), total, name, id()) + state + ". " + end).strip();
    }

    private void tell(String key, Object... arguments) {
        told = access.pacing().now().toEpochMilli();
        access.log().line(Texts.get(key, arguments));
    }
}
