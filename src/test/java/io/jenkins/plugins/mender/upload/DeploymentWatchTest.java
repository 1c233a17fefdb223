package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.http.Transport;
import io.jenkins.plugins.mender.http.TransportException;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.Reply;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.DeploymentGoal.OnTimeout;
import io.jenkins.plugins.mender.upload.DeploymentGoal.Verdict;
import io.jenkins.plugins.mender.upload.DeploymentWatch.Order;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a deployment says and does before, while and after devices take it. */
class DeploymentWatchTest {
    private static final String DEPLOYMENTS = "/api/management/v1/deployments/deployments";

    private SimulatedMenderServer server;
    private DeploymentFixture f;

    @AfterEach
    void stop() {
        server.close();
    }

    private void start(Flavour flavour, Order order) throws Exception {
        server = SimulatedMenderServer.start(flavour);
        DeploymentFixture.release(server);
        f = new DeploymentFixture(server, order);
    }

    private List<String> canary(Flavour flavour, int devices) throws Exception {
        start(flavour, DeploymentFixture.order("canary", DeploymentFixture.goal(null, -1)));
        return f.fleet.accept(devices, DeploymentFixture.TYPE, "canary");
    }

    private String id() {
        return f.fleet.deployments().get(0);
    }

    private long requests(String request) {
        return server.exchanges().stream()
                .filter(e -> e.request().equals(request))
                .count();
    }

    @ParameterizedTest
    @EnumSource(names = {"MENDER_3_6", "MENDER_4_1"})
    void countsAGroupOfSeveralPages(Flavour flavour) throws Exception {
        List<String> devices = canary(flavour, 1203);
        f.step();
        assertThat(f.told(), containsString("Deploying release-1 to 1203 devices: group canary of " + server.url()));
        devices.forEach(device -> f.fleet.report(id(), device, "success"));
        f.finish();
        assertThat(f.watch.summary(), is("1203 of 1203 devices have it."));
        assertThat(f.told(), not(containsString(f.token)));
    }

    @Test
    void looksSeldomerWhileNothingHappensAndGivesSignsOfLife() throws Exception {
        canary(Flavour.MENDER_4_1, 1);
        Instant begin = f.pacing.now();
        Duration last = f.step();
        assertThat(last, is(Duration.ofSeconds(15)));
        while (f.pacing.now().isBefore(begin.plus(Duration.ofHours(1)))) {
            last = f.step();
        }
        assertThat(last, is(Duration.ofMinutes(2)));
        long lines = f.log.stream()
                .filter(line -> line.startsWith("0 of 1 devices have it: 1 not begun"))
                .count();
        assertThat(f.told(), lines, is(6L));
        f.fleet.report(id(), f.fleet.targets(id()).get(0), "pause_before_rebooting");
        assertThat(f.step(), is(Duration.ofSeconds(15)));
        assertThat(f.told(), containsString("1 devices are paused"));
    }

    @Test
    void leavesTheServerAloneForAsLongAsItAsks() throws Exception {
        List<String> devices = canary(Flavour.MENDER_4_1, 1);
        f.step();
        server.answer(
                "GET " + DEPLOYMENTS + "/" + id(), Reply.error(429, "slow down").with("Retry-After", "300"));
        assertThat(f.step(), is(Duration.ofMinutes(5)));
        server.recover();
        f.fleet.report(id(), devices.get(0), "success");
        f.finish();
        assertThat(f.watch.verdict(), is(Verdict.SUCCESS));
    }

    @Test
    void outlivesHoursWithoutNetwork() throws Exception {
        List<String> devices = canary(Flavour.MENDER_4_1, 2);
        f.step();
        Transport way = f.transport;
        boolean[] cut = {true};
        f.watch.open(new DeploymentWatch.Access(
                (request, listener) -> {
                    if (cut[0]) {
                        throw new TransportException(TransportException.Failure.UNKNOWN_HOST, "m", 0, false);
                    }
                    return way.send(request, listener);
                },
                io.jenkins.plugins.mender.api.MenderServer.parse(server.url()),
                new Credential.BearerToken("mender-pat", f.token),
                f.pacing,
                f.log::add,
                () -> {}));
        Instant begin = f.pacing.now();
        while (f.pacing.now().isBefore(begin.plus(Duration.ofHours(3)))) {
            f.step();
        }
        cut[0] = false;
        devices.forEach(device -> f.fleet.report(id(), device, "success"));
        f.finish();
        assertThat(f.watch.verdict(), is(Verdict.SUCCESS));
        assertThat(f.told(), containsString("The deployment goes on by itself"));
        assertThat(f.told(), containsString("The server answers again."));
        assertThat(f.log.size() < 40, is(true));
    }

    @Test
    void warnsOfOtherDeviceTypesAndOlderDeployments() throws Exception {
        canary(Flavour.MENDER_4_1, 2);
        f.fleet.accept(3, "raspberrypi4", "canary");
        String older = f.fleet.create("forgotten", DeploymentFixture.RELEASE, "canary");
        f.step();
        assertThat(
                f.told(),
                containsString(
                        "3 of them are of device types that the Artifact is not for: raspberrypi4. It is for qemux86-64."));
        assertThat(
                f.told(),
                containsString(
                        "5 of them have an older deployment before them, which is not over: forgotten of release-1 ("
                                + older));
    }

    @Test
    void looksAtTheOlderDeploymentsOfItsGroupFirstAndSaysHowManyItDidNotLookAt() throws Exception {
        canary(Flavour.MENDER_4_1, 2);
        f.fleet.accept(1, DeploymentFixture.TYPE, "others");
        f.fleet.create("forgotten", DeploymentFixture.RELEASE, "canary");
        for (int i = 0; i < 11; i++) {
            f.fleet.create("other-" + i, DeploymentFixture.RELEASE, "others");
        }
        f.step();
        assertThat(
                f.told(),
                containsString("2 of them have an older deployment before them, which is not over: forgotten"));
        assertThat(f.told(), containsString("WARNING: of 12 deployments that are not over, 10 were looked at"));
        assertThat(f.told(), not(containsString("other-")));
    }

    @Test
    void saysWhenTheRunningDeploymentIsForOtherDevicesThanTheGroupHasNow() throws Exception {
        canary(Flavour.MENDER_4_1, 2);
        f.fleet.create("job #1", DeploymentFixture.RELEASE, "canary");
        f.fleet.accept(1, DeploymentFixture.TYPE, "canary");
        f.step();
        assertThat(f.told(), containsString("is there already, and is waited for"));
        assertThat(f.told(), containsString("WARNING: the deployment is for 2 devices, though there are 3 now"));
    }

    @Test
    void namesFailedDevicesByTheirIdsWhereTheInventoryIsNotToBeSeenAnyMore() throws Exception {
        List<String> devices = canary(Flavour.MENDER_4_1, 1);
        f.step();
        f.fleet.report(id(), devices.get(0), "failure");
        server.answer("POST /api/management/v2/inventory/filters/search", Reply.error(403, "forbidden"));
        f.finish();
        f.watch.report();
        assertThat(f.told(), containsString("  " + devices.get(0) + ": failure"));
    }

    @Test
    void callsADeploymentThatIsThereByItsOwnName() throws Exception {
        server = SimulatedMenderServer.start(Flavour.MENDER_4_1);
        DeploymentFixture.release(server);
        List<String> devices = server.rollouts().accept(1, DeploymentFixture.TYPE, "canary");
        String id = server.rollouts().create("by hand", DeploymentFixture.RELEASE, "canary");
        server.rollouts().report(id, devices.get(0), "failure");
        f = new DeploymentFixture(
                server, new Order("x", null, null, List.of(), false, id, true, DeploymentFixture.goal(null, -1)));
        f.finish();
        assertThat(f.watch.summary(), containsString("Deployment by hand failed"));
        assertThat(f.watch.name() + f.watch.artifact() + f.watch.group(), is("by handrelease-1canary"));
    }

    @ParameterizedTest
    @EnumSource(names = {"MENDER_3_6", "MENDER_4_1"})
    void doesNotWaitForADeploymentThatIsUnknown(Flavour flavour) throws Exception {
        String id = "00000000-0000-4000-8000-000000000009";
        start(flavour, new Order("x", null, null, List.of(), false, id, true, DeploymentFixture.goal(null, -1)));
        UploadFailure failure = assertThrows(UploadFailure.class, () -> f.step());
        assertThat(failure.getMessage(), containsString("There is no deployment " + id));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    403 | forbidden  | The user of credentials 'mender-pat' may not do this (403 forbidden). Nothing was deployed.
                    422 | none       | Mender has no Artifact for this deployment (422 none). Nothing was deployed.
                    400 | No devices | Mender found the deployment unusable (400 No devices)
                    413 | too large  | The list of devices is too long for the server (413 too large)
                    401 | unauthorized | Mender refused the token of credentials 'mender-pat' (401 unauthorized)
                    """)
    void saysWhyAServerRefusesToCreateIt(int status, String words, String message) throws Exception {
        canary(Flavour.MENDER_4_1, 1);
        server.answer("POST " + DEPLOYMENTS + "/group/canary", Reply.error(status, words));
        UploadFailure failure = assertThrows(UploadFailure.class, () -> {
            f.step();
            f.step();
        });
        assertThat(failure.getMessage(), containsString(message));
    }

    @Test
    void aTokenThatMayNotSeeDevicesDeploysNothing() throws Exception {
        canary(Flavour.MENDER_4_1, 1);
        server.answer("POST /api/management/v2/inventory/filters/search", Reply.error(403, "forbidden"));
        UploadFailure failure = assertThrows(UploadFailure.class, () -> f.step());
        assertThat(failure.getMessage(), containsString("(403 forbidden). Nothing was deployed."));
        assertThat(f.fleet.deployments(), hasSize(0));
    }

    @Test
    void aTokenThatIsReplacedDuringTheWaitIsReadAnew() throws Exception {
        List<String> devices = canary(Flavour.MENDER_4_1, 1);
        f.step();
        f.fleet.report(id(), devices.get(0), "success");
        server.answer("GET " + DEPLOYMENTS + "/" + id(), Reply.error(401, "unauthorized"));
        assertThat(f.step(), is(Duration.ZERO));
        assertThat(f.watch.isOpen(), is(false));
        server.recover();
        f.finish();
        assertThat(f.watch.verdict(), is(Verdict.SUCCESS));
    }

    @Test
    void aLostAnswerMakesNoSecondDeploymentThoughItIsOverAlready() throws Exception {
        start(Flavour.MENDER_3_6, DeploymentFixture.order("canary", DeploymentFixture.goal(null, -1)));
        List<String> devices = f.fleet.accept(1, DeploymentFixture.TYPE, "canary");
        String create = "POST " + DEPLOYMENTS + "/group/canary";
        server.answer(create, () -> {
            f.fleet.report(
                    f.fleet.create("job #1", DeploymentFixture.RELEASE, "canary"), devices.get(0), "already-installed");
            return Reply.html(504, "Gateway Timeout");
        });
        f.finish();
        assertThat(f.watch.verdict(), is(Verdict.SUCCESS));
        assertThat(requests(create), is(1L));
        assertThat(f.fleet.deployments(), hasSize(1));
    }

    @Test
    void whatIsAbortedInTheBrowserIsNoSuccess() throws Exception {
        List<String> devices = canary(Flavour.MENDER_4_1, 3);
        f.step();
        f.fleet.report(id(), devices.get(0), "success");
        f.fleet.abort(id());
        f.finish();
        assertThat(f.watch.verdict(), is(Verdict.FAILURE));
        assertThat(f.watch.summary(), containsString("1 of 3 devices have it: 2 not begun"));
    }

    @Test
    void saysWhatBecameOfADeploymentThatTakesTooLong() throws Exception {
        for (OnTimeout end : List.of(OnTimeout.LEAVE, OnTimeout.ABORT)) {
            DeploymentGoal goal = new DeploymentGoal(null, -1, true, Duration.ofMinutes(30), end);
            start(Flavour.MENDER_4_1, DeploymentFixture.order("canary", goal));
            f.fleet.accept(1, DeploymentFixture.TYPE, "canary");
            f.finish();
            assertThat(f.watch.verdict(), is(Verdict.LATE));
            String state = end == OnTimeout.ABORT ? "It was aborted." : "Deployment " + id() + " goes on.";
            assertThat(f.watch.summary(), endsWith("0 of 1 devices have it: 1 not begun. " + state));
            server.close();
        }
    }

    @Test
    void saysWhenAnAbortedBuildLeavesItsDeployment() throws Exception {
        canary(Flavour.MENDER_4_1, 1);
        f.step();
        server.answer("PUT " + DEPLOYMENTS + "/" + id() + "/status", Reply.error(503, "busy"));
        f.watch.abandon();
        assertThat(f.told(), containsString("WARNING: the deployment is not aborted: "));
        assertThat(f.told(), containsString("HTTP 503 Service Unavailable"));
    }

    @Test
    void aTimeThatIsOverCanCountThoseThatAnswered() throws Exception {
        DeploymentGoal goal = new DeploymentGoal("50%", -1, true, Duration.ofMinutes(30), OnTimeout.ACCEPT);
        start(Flavour.MENDER_4_1, DeploymentFixture.order("canary", goal));
        List<String> devices = f.fleet.accept(10, DeploymentFixture.TYPE, "canary");
        f.step();
        devices.subList(0, 2).forEach(device -> f.fleet.report(id(), device, "success"));
        f.finish();
        assertThat(f.watch.verdict(), is(Verdict.ACCEPTED));
        assertThat(f.fleet.aborts(), hasSize(0));
        assertThat(
                f.watch.summary(),
                containsString("2 of 10 devices have it: 8 not begun. Deployment " + id() + " goes on."));
    }
}
