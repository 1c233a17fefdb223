package io.jenkins.plugins.mender.upload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.artifact.Inspector;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import io.jenkins.plugins.mender.upload.Preparation.Known;
import io.jenkins.plugins.mender.upload.UploadSession.ArtifactTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the log's table with what {@code mender-artifact read} was recorded to say of the same files. */
class ArtifactTableTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "augmented",
                "bootstrap",
                "delta",
                "depends",
                "everything",
                "format-2",
                "module-two-devices",
                "no-files",
                "rootfs-gzip",
                "rootfs-lzma",
                "rootfs-none",
                "scripts",
                "signed",
                "unicode-name"
            })
    void saysWhatMenderArtifactSays(String name) throws IOException {
        Path file = ArtifactBuilder.recorded(name + ".mender", folder);
        Known known = known(file, true);
        String read = read(name);
        List<String> rows = new ArrayList<>();
        rows.add("Artifact " + value(read, "Name: (.+)") + ", "
                + Texts.size(file.toFile().length()));
        rows.add("Device types " + value(read, "Compatible devices: '\\[(.*)]'"));
        rows.addAll(depends(read));
        List<String> scripts = all(read, "(?m)^    ([A-Z]\\w+_\\d\\d)$");
        if (!scripts.isEmpty()) {
            rows.add("State scripts " + String.join(" ", scripts));
        }
        rows.add("Payload " + payload(read, known.contents().payloads().get(0)));
        assertThat(table(file, known), is(rows));
    }

    private static List<String> depends(String read) {
        List<String> rows = new ArrayList<>();
        all(read, "on one of artifact\\(s\\): \\[(.+)]")
                .forEach(names -> rows.add("Depends on artifact_name " + plain(names)));
        all(read, "on one of group\\(s\\): \\[(.+)]")
                .forEach(names -> rows.add("Depends on artifact_group " + plain(names)));
        Matcher section = Pattern.compile("    Depends:\n((?:\t.*\n)+)").matcher(read);
        if (section.find()) {
            section.group(1)
                    .lines()
                    .forEach(line -> rows.add("Depends on " + line.strip().replace(": ", " ")));
        }
        return rows;
    }

    private static String payload(String read, Payload payload) {
        List<String> names = all(read, "      name: +(.+)");
        List<String> sizes = all(read, "      size: +(.+)");
        assertThat(payload.files().stream().map(PayloadFile::sha256).toList(), is(all(read, "      checksum: (.+)")));
        String files = String.join(
                " ",
                IntStream.range(0, names.size())
                        .mapToObj(i -> names.get(i) + " " + Texts.size(Long.parseLong(sizes.get(i))))
                        .toList());
        String type = value(read, "Type: +(.*)").replace("Empty type", "no payload");
        String signed = value(read, "Signature: (.*)").startsWith("signed") ? " signed" : "";
        String compression = payload.compression().name().toLowerCase(Locale.ROOT);
        return (type + (files.isEmpty() ? "" : " (" + files + ")") + signed + " format " + value(read, "Version: (.*)")
                + (compression.equals("none") ? " not compressed" : " " + compression));
    }

    @Test
    void leavesOutWhatTheStructureDoesNotTell() throws IOException {
        Path file = ArtifactBuilder.recorded("module-two-devices.mender", folder);
        assertThat(
                new ArtifactTable(EngineFixture.file(file), known(file, false)).lines(),
                contains(
                        "  Artifact      app-2.0, 24.5 KiB",
                        "  Device types  raspberrypi4, beaglebone",
                        "  Payload       single-file (app.bin, 19.5 KiB, config.yaml), format 3, gzip"));
    }

    @Test
    void makesWhatAFileSaysFitForALine() throws IOException {
        Path file = new ArtifactBuilder("r", "d")
                .type("t\n[Mender] x")
                .payloadDepends("k\r", "v\u001b[2J")
                .file("a\u202eb", "12345678")
                .write(folder.resolve("a.mender"));
        List<String> lines = new ArtifactTable(EngineFixture.file(file), known(file, true)).lines();
        assertThat(lines, hasItem("  Depends on    k v?[2J"));
        assertThat(lines, hasItem("  Payload       t [Mender] x (a?b, 8 bytes), format 3, not compressed"));
    }

    @Test
    void cutsLongLists() throws IOException {
        String[] devices = IntStream.range(0, 30).mapToObj(i -> "d" + i).toArray(String[]::new);
        ArtifactBuilder builder = new ArtifactBuilder("r", devices);
        IntStream.range(10, 22).forEach(i -> builder.file("f" + i, "").script("s" + i));
        Path file = builder.write(folder.resolve("a.mender"));
        List<String> lines = new ArtifactTable(EngineFixture.file(file), known(file, false)).lines();
        assertThat(lines, hasItem("  Device types  d0, d1, d2, d3, d4, d5, d6, d7, d8, d9 and 20 more"));
        assertThat(lines, hasItem("  State scripts s10, s11, s12, s13, s14, s15, s16, s17, s18, s19 and 2 more"));
        assertThat(
                lines,
                hasItem("  Payload       single-file (f10, 0 bytes, f11, f12, f13, f14, f15, f16, f17, f18, f19 and 2"
                        + " more), format 3, not compressed"));
    }

    private static Known known(Path file, boolean full) throws IOException {
        ArtifactFile artifact = EngineFixture.file(file);
        return Known.of(Inspector.local(artifact, full));
    }

    /** {@return the rows with single blanks and without commas, since names are listed so by mender-artifact} */
    private static List<String> table(Path file, Known known) {
        List<String> lines = new ArtifactTable(EngineFixture.file(file), known).lines();
        List<String> rows = new ArrayList<>();
        rows.add(lines.get(0).strip().replaceAll(" +", " "));
        lines.subList(1, lines.size()).forEach(line -> rows.add(plain(line)));
        return rows;
    }

    private static String plain(String line) {
        return line.strip().replace(",", "").replaceAll(" +", " ");
    }

    private static String value(String read, String pattern) {
        return all(read, pattern).get(0);
    }

    private static List<String> all(String read, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(read);
        List<String> all = new ArrayList<>();
        while (matcher.find()) {
            all.add(matcher.group(1));
        }
        return all;
    }

    private static String read(String name) throws IOException {
        try (InputStream in = ArtifactTableTest.class.getResourceAsStream("/artifacts/read/" + name + ".txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r", "");
        }
    }
}
