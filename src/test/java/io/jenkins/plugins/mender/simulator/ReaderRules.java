package io.jenkins.plugins.mender.simulator;

import io.jenkins.plugins.mender.api.ArtifactHeader;
import io.jenkins.plugins.mender.artifact.ArtifactContents;
import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What servers refuse of an Artifact that is whole, in their words. Those that came with Mender Server 4.0.4 are given from 4.1 on. */
final class ReaderRules {
    private static final int LONGEST_NAME = 4096;
    private static final int MOST_DEVICE_TYPES = 200;
    private static final int MOST_COMBINATIONS = 1024;
    private static final int LONGEST_TEXT = 256;

    private final Flavour flavour;
    private final ArtifactHeader header;
    private final ArtifactContents contents;

    ReaderRules(Flavour flavour, ArtifactHeader header, ArtifactContents contents) {
        this.flavour = flavour;
        this.header = header;
        this.contents = contents;
    }

    /** {@return the answer, empty when nothing is wrong} */
    Optional<Reply> refusal() {
        List<String> reasons = new ArrayList<>();
        texts().filter(text -> flavour.since(Flavour.MENDER_4_1)).forEach(text -> {
            if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_TEXT) {
                reasons.add("too many characters");
            } else if (!text.replace(" ", "").matches("[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cn}\\p{Cs}]*")) {
                reasons.add("string contains invalid characters");
            }
        });
        if (!contents.augmentedHeaderInfo().isEmpty()
                && contents.headerCompression().name().equals("ZSTD")) {
            reasons.add("reader: found unexpected file in artifact: header-augment.tar.zst");
        }
        for (int i = 0; i < contents.payloads().size(); i++) {
            payload(header.payloads().get(i), contents.payloads().get(i).files(), reasons);
        }
        if (!reasons.isEmpty()) {
            return Optional.of(Reply.error(400, "reading artifact error: " + reasons.get(0)));
        }
        if (header.name().length() > LONGEST_NAME || header.deviceTypes().size() > MOST_DEVICE_TYPES) {
            return Optional.of(Reply.error(400, "Metadata invalid"));
        }
        long combinations =
                header.depends().values().stream().mapToLong(List::size).reduce(1, Math::multiplyExact);
        return combinations > MOST_COMBINATIONS ? Optional.of(Reply.error(500, "internal error")) : Optional.empty();
    }

    private Stream<String> texts() {
        return Stream.of(
                        List.of(header.name(), header.provides().getOrDefault("artifact_group", "")),
                        header.deviceTypes(),
                        header.depends().getOrDefault("artifact_name", List.of()),
                        header.depends().getOrDefault("artifact_group", List.of()))
                .flatMap(List::stream);
    }

    private void payload(ArtifactHeader.Payload payload, List<PayloadFile> files, List<String> reasons) {
        String type = payload.header().headerInfo();
        long augmented = files.stream().filter(PayloadFile::augmented).count();
        long own = files.size() - augmented;
        if (type.equals("rootfs-image") && own > 1) {
            reasons.add("Rootfs: Must provide exactly one update file");
        }
        if (payload.augmented().headerInfo().equals("rootfs-image") && augmented + own > 1) {
            reasons.add("Rootfs: Cannot handle both augmented and non-augmented update file");
        }
        if (augmented > 0 && !payload.isAugmented()) {
            reasons.add("Cannot add augmented files to non-augmented Payload");
        }
        boolean unexpected = type.isEmpty() || header.formatVersion() == 2 && !type.equals("rootfs-image");
        for (PayloadFile file : files) {
            if (unexpected && !file.augmented()) {
                reasons.add("Payload: can not find data file: " + file.name());
            }
            if (!file.name().matches("[\\w.,-]+")) {
                reasons.add("Payload: data file " + file.name() + " contains forbidden characters."
                        + " Only letters, digits and characters in the set \".,_-\" are allowed");
            }
        }
    }
}
