package io.jenkins.plugins.mender.simulator;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.mender.simulator.ContractClient.Answer;
import io.jenkins.plugins.mender.simulator.ContractClient.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Holds the simulated server to the answers that were recorded from real ones. With {@code -Dmender.url=…} and a token in
 * the environment variable {@code MENDER_TOKEN} the same cases go to that server, which may hold other Artifacts; what they create
 * has names of its own and is deleted again.
 */
class ServerContractTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void answersAsRecorded(Flavour flavour) throws IOException {
        try (SimulatedMenderServer server = SimulatedMenderServer.start(flavour);
                ContractClient client = new ContractClient(server.url(), server.token())) {
            for (ContractCase one : RecordedCases.all()) {
                Answer answer = one.request().send(client);
                String told = flavour + ", " + one.name() + ": " + answer;
                assertThat(told, answer.status(), is(one.expected(flavour).status()));
                assertThat(told, one.expected(flavour).fits(answer), is(true));
                assertThat(told, answer.requestId(), is("contract-test"));
                client.cleanUp();
            }
            assertThat(server.artifacts(), is(List.of()));
        }
    }

    @TestFactory
    Stream<DynamicTest> aRealServerAnswersAsRecorded() {
        String url = System.getProperty("mender.url");
        String token = System.getenv("MENDER_TOKEN");
        if (url == null || token == null) {
            return Stream.of(DynamicTest.dynamicTest(
                    "no real server",
                    () -> assumeTrue(false, "needs -Dmender.url and MENDER_TOKEN in the environment")));
        }
        String server = url.replaceAll("/+$", "");
        Stream<DynamicTest> recorded = RecordedCases.all().stream()
                .map(one -> DynamicTest.dynamicTest(one.name(), () -> {
                    try (ContractClient client = new ContractClient(server, token)) {
                        if (one.name().contains("PAT")) {
                            assumeTokens(client);
                        }
                        Answer answer = one.request().send(client);
                        assertThat(one.name() + ": " + answer, one.fitsAny(answer), is(true));
                    }
                }));
        DynamicTest large = DynamicTest.dynamicTest("64 MiB", () -> {
            try (ContractClient client = new ContractClient(server, token)) {
                takeLarge(client);
            }
        });
        return Stream.concat(recorded, Stream.of(large));
    }

    /** The user may have a role that forbids it, an account of a single sign-on, or ten tokens already. */
    private static void assumeTokens(ContractClient client) throws IOException {
        Answer answer = client.createToken("may-i");
        client.revokeTokens();
        assumeTrue(
                answer.status() == 200,
                () -> "the token cannot create others: " + answer.status() + ' ' + answer.words());
    }

    @ParameterizedTest
    @EnumSource
    void pointsToTheNewArtifactAsItsVersionDoes(Flavour flavour) throws IOException {
        String expected = flavour == Flavour.MENDER_4_1 ? "/api/management/v1/" : "./management/v1/";
        try (SimulatedMenderServer server = SimulatedMenderServer.start(flavour);
                ContractClient client = new ContractClient(server.url(), server.token())) {
            Answer answer = client.upload(Part.artifact(ContractClient.recorded("rootfs-gzip")));
            assertThat(answer.location(), startsWith(expected + "deployments/artifacts/"));
            assertThat(server.artifacts().get(0).id(), is(answer.id()));
        }
    }

    @Test
    void oneOverlappingCombinationIsAConflictAndOtherDeviceTypesAreNot() throws IOException {
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);
                ContractClient client = new ContractClient(server.url(), server.token())) {
            assertThat(upload(client, 1, "a", "b").status(), is(201));
            assertThat(upload(client, 2, "b", "c").status(), is(409));
            assertThat(upload(client, 3, "c", "d").status(), is(201));
            assertThat(server.artifacts().size(), is(2));
        }
    }

    @Test
    void anArtifactOf64MebibytesIsTakenOnce() throws IOException {
        try (SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);
                ContractClient client = new ContractClient(server.url(), server.token())) {
            takeLarge(client);
            client.cleanUp();
            assertThat(server.artifacts(), is(List.of()));
        }
    }

    private void takeLarge(ContractClient client) throws IOException {
        Path file = new ArtifactBuilder("large-contract-test-" + UUID.randomUUID(), "contract-test")
                .payload(64L * 1024 * 1024)
                .write(folder.resolve("large.mender"));
        byte[] large = Files.readAllBytes(file);
        assertThat(client.upload(Part.artifact(large)).status(), is(201));
        assertThat(client.upload(Part.artifact(large)).status(), is(409));
    }

    private Answer upload(ContractClient client, int seed, String... deviceTypes) throws IOException {
        Path file = new ArtifactBuilder("release", deviceTypes).seed(seed).write(folder.resolve(seed + ".mender"));
        return client.upload(Part.artifact(Files.readAllBytes(file)));
    }
}
