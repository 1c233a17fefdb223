package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.mender.http.Request;
import io.jenkins.plugins.mender.http.Response;
import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.DeploymentGoal.OnTimeout;
import io.jenkins.plugins.mender.upload.DeploymentGoal.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Random deployments to 1 to 200 devices that do everything devices do, while requests and answers are lost and Jenkins is killed:
 * the verdict is what the rules say, there is one deployment, and an abort is sent when it has to be and only where the watch created it.
 */
class DeploymentHistoriesTest {
    private static final int HISTORIES = Integer.getInteger("mender.histories", 40);
    private static final double LOST = 0.15;
    private static final double KILLED = 0.1;

    private record Event(Duration after, String device, String state) {}

    @TestFactory
    Stream<DynamicTest> endAsTheRulesSay() {
        return IntStream.range(0, HISTORIES)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> assertHistory(seed)));
    }

    private static void assertHistory(int seed) throws Exception {
        Random random = new Random(seed);
        Flavour flavour = random.nextBoolean() ? Flavour.MENDER_4_1 : Flavour.MENDER_3_6;
        try (SimulatedMenderServer server = SimulatedMenderServer.start(flavour)) {
            DeploymentFixture.release(server);
            String minSuccess = pick(random, null, null, "95%", "50 %", "1");
            DeploymentGoal goal = new DeploymentGoal(
                    minSuccess,
                    random.nextInt(3) == 0 ? random.nextInt(4) : -1,
                    random.nextInt(4) > 0,
                    Duration.ofHours(1 + random.nextInt(4)),
                    pick(random, OnTimeout.values()));
            DeploymentFixture f = new DeploymentFixture(server, DeploymentFixture.order("canary", goal));
            List<String> devices = f.fleet.accept(
                    1 + random.nextInt(random.nextBoolean() ? 5 : 200), DeploymentFixture.TYPE, "canary");
            f.fleet.accept(3, DeploymentFixture.TYPE, "others");
            boolean foreign = random.nextInt(8) == 0;
            if (foreign) {
                f.fleet.create("job #1", DeploymentFixture.RELEASE, "canary");
            }
            f.transport = losing(f.transport, random);
            play(f, random, events(random, devices), devices, goal, foreign);
        }
    }

    private static void play(
            DeploymentFixture f,
            Random random,
            List<Event> events,
            List<String> devices,
            DeploymentGoal goal,
            boolean foreign)
            throws Exception {
        Map<String, String> states = new HashMap<>();
        Instant begin = null;
        Instant before = f.pacing.now();
        while (!f.watch.isDone()) {
            if (f.watch.verdict() == Verdict.OPEN) {
                before = f.pacing.now();
            }
            f.step();
            if (random.nextDouble() < KILLED && !f.watch.isDone()) {
                f.kill();
            }
            if (f.fleet.deployments().isEmpty() || f.watch.verdict() != Verdict.OPEN) {
                continue;
            }
            if (begin == null) {
                begin = f.pacing.now();
            }
            for (Event event : List.copyOf(events)) {
                if (!begin.plus(event.after()).isAfter(f.pacing.now())) {
                    events.remove(event);
                    happen(f, event, states);
                }
            }
        }
        assertThat("deployments", f.fleet.deployments(), hasSize(1));
        Verdict expected = expected(states, devices.size(), goal, isLate(f, goal, before));
        assertThat(f.watch.verdict() + " " + states.values() + goal, f.watch.verdict(), is(expected));
        boolean finished = ended(states) >= devices.size();
        boolean wanted = expected == Verdict.FAILURE && goal.abortOnFailure()
                || expected == Verdict.LATE && goal.onTimeout() == OnTimeout.ABORT;
        assertThat(f.told(), f.fleet.aborts(), hasSize(wanted && !finished && !foreign ? 1 : 0));
    }

    private static boolean isLate(DeploymentFixture f, DeploymentGoal goal, Instant lastLook) {
        return !lastLook.isBefore(f.watch.begun().plus(goal.timeout()));
    }

    private static void happen(DeploymentFixture f, Event event, Map<String, String> states) {
        String deployment = f.fleet.deployments().get(0);
        if (event.state().equals("decommissioned")) {
            f.fleet.decommission(event.device());
            states.put(event.device(), event.state());
        } else if (f.fleet.report(deployment, event.device(), event.state()) == 204) {
            states.put(event.device(), event.state());
        }
    }

    /** The rules once more, in other words than the engine's. */
    private static Verdict expected(Map<String, String> states, int total, DeploymentGoal goal, boolean late) {
        long have = count(states, "success") + count(states, "already-installed");
        long not = count(states, "failure") + count(states, "noartifact");
        long base = total - count(states, "decommissioned");
        long tolerated = goal.maxFailures() >= 0 ? goal.maxFailures() : goal.minSuccess() == null ? 0 : total;
        if (not > tolerated || base - not < enough(goal, base, tolerated)) {
            return Verdict.FAILURE;
        }
        boolean enough = have >= enough(goal, base, tolerated);
        if (enough && (base - have <= tolerated || late || ended(states) >= total)) {
            return Verdict.SUCCESS;
        }
        if (ended(states) >= total) {
            return Verdict.FAILURE;
        }
        assertThat("no verdict before the time is over", late, is(true));
        return goal.onTimeout() == OnTimeout.ACCEPT && have >= enough(goal, have + not, tolerated)
                ? Verdict.ACCEPTED
                : Verdict.LATE;
    }

    private static long enough(DeploymentGoal goal, long of, long tolerated) {
        String wish = goal.minSuccess() == null ? "" : goal.minSuccess().replace(" ", "");
        if (wish.isEmpty()) {
            return Math.max(1, of - tolerated);
        }
        return wish.endsWith("%")
                ? Math.max(1, (of * Long.parseLong(wish.replace("%", "")) + 99) / 100)
                : Long.parseLong(wish);
    }

    private static long ended(Map<String, String> states) {
        return Stream.of("success", "already-installed", "failure", "noartifact", "decommissioned")
                .mapToLong(state -> count(states, state))
                .sum();
    }

    private static long count(Map<String, String> states, String state) {
        return states.values().stream().filter(state::equals).count();
    }

    private static List<Event> events(Random random, List<String> devices) {
        List<Event> events = new ArrayList<>();
        int trouble = random.nextInt(4);
        for (String device : devices) {
            boolean good = trouble == 0 || random.nextInt(10) >= trouble;
            String kind = good
                    ? pick(random, "success", "success", "already-installed")
                    : pick(random, "failure", "noartifact", "silent", "hang", "pause", "decommissioned", "twice");
            int minute = random.nextInt(90);
            if (kind.equals("silent")) {
                continue;
            }
            events.add(event(minute, device, "downloading"));
            switch (kind) {
                case "hang" -> events.add(event(minute + 1, device, "installing"));
                case "pause" -> events.add(event(minute + 1, device, "pause_before_rebooting"));
                case "twice" -> {
                    events.add(event(minute + 1, device, "success"));
                    events.add(event(minute + 1 + random.nextInt(30), device, "failure"));
                }
                default -> events.add(event(minute + random.nextInt(30), device, kind));
            }
        }
        events.sort((one, other) -> one.after().compareTo(other.after()));
        return events;
    }

    private static Event event(int minute, String device, String state) {
        return new Event(Duration.ofMinutes(minute), device, state);
    }

    private static Transport losing(Transport transport, Random random) {
        return (Request request, Transport.Listener listener) -> {
            double fate = random.nextDouble();
            if (fate < LOST / 2) {
                throw new TransportException(TransportException.Failure.CUT, "reset", 0, false);
            }
            Response response = transport.send(request, listener);
            if (fate < LOST) {
                throw new TransportException(TransportException.Failure.CUT, "reset", 0, true);
            }
            return response;
        };
    }

    @SafeVarargs
    private static <T> T pick(Random random, T... some) {
        return some[random.nextInt(some.length)];
    }
}
