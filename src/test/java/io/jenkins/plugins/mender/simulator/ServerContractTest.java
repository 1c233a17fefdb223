package io.jenkins.plugins.mender.simulator;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.mender.simulator.ContractClient.Answer;
import io.jenkins.plugins.mender.simulator.ContractClient.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Holds the simulated server to the answers that were recorded from real ones. With {@code -Dmender.url=…} and {@code
 * -Dmender.token=…} the same cases go to that server, and what they create is deleted again.
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
        String token = System.getProperty("mender.token");
        if (url == null || token == null) {
            return Stream.of(DynamicTest.dynamicTest(
                    "no real server", () -> assumeTrue(false, "needs -Dmender.url and -Dmender.token")));
        }
        return RecordedCases.all().stream()
                .map(one -> DynamicTest.dynamicTest(one.name(), () -> {
                    try (ContractClient client = new ContractClient(url.replaceAll("/+$", ""), token)) {
                        Answer answer = one.request().send(client);
                        assertThat(one.name() + ": " + answer, one.fitsAny(answer), is(true));
                    }
                }));
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

    private Answer upload(ContractClient client, int seed, String... deviceTypes) throws IOException {
        Path file = new ArtifactBuilder("release", deviceTypes).seed(seed).write(folder.resolve(seed + ".mender"));
        return client.upload(Part.artifact(java.nio.file.Files.readAllBytes(file)));
    }
}
