package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.artifact.ArtifactException;
import io.jenkins.plugins.mender.artifact.ArtifactException.Problem;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.artifact.Inspector;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.simulator.Flavour;
import io.jenkins.plugins.mender.simulator.SimulatedMenderServer;
import io.jenkins.plugins.mender.upload.Preparation.PreparedArtifact;
import io.jenkins.plugins.mender.upload.UploadOptions.IfExists;
import io.jenkins.plugins.mender.upload.UploadOptions.Verify;
import io.jenkins.plugins.mender.upload.UploadResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found out about files before anything is sent. */
class PreparationTest {
    private static final UploadOptions OPTIONS = UploadOptions.defaults();

    @TempDir
    private Path folder;

    @AutoClose
    private final SimulatedMenderServer server = SimulatedMenderServer.start(Flavour.MENDER_4_1);

    private final EngineFixture engine = new EngineFixture(server);

    @ParameterizedTest
    @CsvSource({
        "broken-empty, STRUCTURE, is no Mender Artifact",
        "broken-garbage, STRUCTURE, is no Mender Artifact",
        "broken-truncated, STRUCTURE, is cut short: it ends within data/0000.tar.gz",
        "broken-payload-byte, FULL, the checksum of data/0000/rootfs.ext4 is not the one in its manifest",
    })
    void aBrokenFileIsFoundBeforeItIsSent(String name, Verify verify, String words) throws Exception {
        UploadFailure failure = refused(OPTIONS.with(verify), recorded(name));
        assertThat(failure.getMessage(), containsString("build/" + name + ".mender"));
        assertThat(failure.getMessage(), containsString(words));
        assertThat(failure.getMessage(), endsWith("Nothing was uploaded."));
        assertThat(failure.explanation().isEmpty(), is(false));
        assertThat(server.exchanges(), hasSize(0));
    }

    @Test
    void verifyNoneSendsWhateverItIsAndTheServerJudges() throws Exception {
        UploadFailure failure = refused(OPTIONS.with(Verify.NONE), recorded("broken-garbage"));
        assertThat(engine.log, hasItem(containsString("is no Mender Artifact. It is sent all the same")));
        assertThat(failure.getMessage(), containsString("Mender found the upload unusable (400"));
        assertThat(server.uploads(), hasSize(1));
    }

    @Test
    void whatCannotBeUnpackedHereIsSentAndTheServerTellsWhatItIs() throws Exception {
        Path file = recorded("zstd");
        Inspector lacking = (one, full) -> {
            throw new ArtifactException(Problem.UNREADABLE_HERE, "header.tar.zst", "no library");
        };
        List<PreparedArtifact> unread =
                new Preparation(lacking, OPTIONS, engine.log::add).prepare(List.of(EngineFixture.file(file)));
        UploadResult result = engine.session(OPTIONS).upload(unread).get(0);
        assertThat(result.name(), is("release-zstd"));
        assertThat(result.deviceTypes(), is(List.of("qemux86-64")));
        assertThat(engine.log, hasItem(endsWith("It is sent unchecked; the server checks it in any case.")));

        UploadSession again = engine.session(OPTIONS);
        UploadFailure conflict = assertThrows(UploadFailure.class, () -> again.upload(unread));
        assertThat(conflict.getMessage(), containsString("is on the server already (409"));
    }

    @Test
    void verifyNoneTakesNameAndDevicesFromTheServerWhereTheFileCannotBeRead() throws Exception {
        Path good = recorded("rootfs-gzip");
        List<PreparedArtifact> unread =
                List.of(new PreparedArtifact(EngineFixture.file(good), java.util.Optional.empty()));
        UploadResult result = engine.session(OPTIONS).upload(unread).get(0);
        assertThat(result.name(), is("release-1"));
        assertThat(result.deviceTypes(), is(List.of("qemux86-64")));
    }

    @Test
    void twoFilesThatCannotBothBeOnAServerAreNamed() throws Exception {
        Path one = new ArtifactBuilder("release", "a", "b").write(folder.resolve("one.mender"));
        Path two = new ArtifactBuilder("release", "c").write(folder.resolve("two.mender"));
        Path three = new ArtifactBuilder("release", "b").seed(3).write(folder.resolve("three.mender"));
        UploadFailure failure = refused(OPTIONS, one, two, three);
        assertThat(
                failure.getMessage(),
                is("build/one.mender and build/three.mender are both release for one of the same devices, and"
                        + " Mender keeps only one of them. Nothing was uploaded."));
        assertThat(server.exchanges(), hasSize(0));
    }

    @Test
    void aBrokenFileAmongSeveralStopsAllBeforeTheFirstIsSent() throws Exception {
        refused(OPTIONS, recorded("rootfs-gzip"), recorded("broken-truncated"));
        assertThat(server.exchanges(), hasSize(0));
    }

    @Test
    void oneThatExistsAmongSeveralStopsAllBeforeTheFirstIsSent() throws Exception {
        engine.upload(OPTIONS, recorded("rootfs-none"));
        refused(OPTIONS, recorded("rootfs-gzip"), folder.resolve("rootfs-none.mender"));
        assertThat(server.uploads(), hasSize(1));
    }

    @Test
    void whatArrivedBeforeAFailureIsNamed() throws Exception {
        Path first = recorded("rootfs-gzip");
        Path second = recorded("rootfs-none");
        List<PreparedArtifact> artifacts = engine.prepare(OPTIONS, first, second);
        Files.delete(second);
        UploadSession session = engine.session(OPTIONS);
        UploadFailure failure = assertThrows(UploadFailure.class, () -> session.upload(artifacts));
        assertThat(failure.getMessage(), endsWith("1 of 2 files were uploaded before: build/rootfs-gzip.mender."));
        assertThat(server.artifacts(), hasSize(1));
    }

    @Test
    void aDescriptionTooLongIsRefusedBeforeTheServerWouldFailOverIt() throws Exception {
        UploadFailure failure = refused(OPTIONS.describedBy("ü".repeat(2049)), recorded("rootfs-gzip"));
        assertThat(
                failure.getMessage(),
                containsString("The description has 4098 bytes, and Mender Servers take at most 4096"));
        engine.upload(OPTIONS.describedBy("ü".repeat(2048)), folder.resolve("rootfs-gzip.mender"));
    }

    @Test
    void aSizeThatServersCanBeToldToTakeIsWarnedOf() throws Exception {
        Path file = recorded("rootfs-gzip");
        ArtifactFile large = new ArtifactFile("huge.mender", file.toString(), 10L * 1024 * 1024 * 1024 + 1, 0);
        new Preparation(Inspector::local, OPTIONS, engine.log::add).prepare(List.of(large));
        assertThat(
                engine.log, hasItem(containsString("huge.mender has 10.0 GiB; Mender Servers take at most 10.0 GiB")));
    }

    @Test
    void aDryRunDoesEverythingButChangeTheServer() throws Exception {
        UploadOptions dry = OPTIONS.asDryRun();
        UploadResult planned = engine.upload(dry, recorded("rootfs-gzip")).get(0);
        assertThat(planned.outcome(), is(Outcome.PLANNED));
        assertThat(planned.name(), is("release-1"));
        assertThat(engine.log, hasItem(containsString("Dry run: nothing speaks against this upload.")));
        assertThat(server.exchanges().stream().anyMatch(e -> e.request().endsWith("/users/me")), is(true));

        String id = engine.upload(OPTIONS, folder.resolve("rootfs-gzip.mender"))
                .get(0)
                .id();
        refused(dry, folder.resolve("rootfs-gzip.mender"));
        engine.upload(dry.with(IfExists.REPLACE), folder.resolve("rootfs-gzip.mender"));
        assertThat(engine.log, hasItem(containsString("Dry run: Artifact " + id + " would be deleted")));
        engine.upload(dry.with(IfExists.REUSE), folder.resolve("rootfs-gzip.mender"));
        assertThat(engine.log, hasItem(containsString("Dry run: the server holds the same Artifact already, " + id)));
        assertThat(server.artifacts().get(0).id(), is(id));
        assertThat(server.uploads(), hasSize(1));
    }

    @Test
    void whatAnArtifactSaysCannotForgeTheLog() throws Exception {
        Path file = new ArtifactBuilder("evil\n[Mender] HTTP 201 Created\u001b[2J", "a\r\nb")
                .write(folder.resolve("e.mender"));
        engine.upload(OPTIONS.with(Verify.NONE).asDryRun(), file);
        assertThat(
                engine.log.stream()
                        .flatMap(String::lines)
                        .filter(line -> line.startsWith("[Mender]"))
                        .count(),
                is(0L));
        assertThat(engine.log, hasItem("  Artifact      evil [Mender] HTTP 201 Created?[2J, 18.0 KiB"));
        assertThat(engine.log, hasItem("  Device types  a b"));
    }

    private UploadFailure refused(UploadOptions options, Path... files) {
        return assertThrows(UploadFailure.class, () -> engine.upload(options, files));
    }

    private Path recorded(String name) throws Exception {
        return ArtifactBuilder.recorded(name + ".mender", folder);
    }
}
