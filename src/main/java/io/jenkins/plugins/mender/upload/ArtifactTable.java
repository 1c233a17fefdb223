package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.ArtifactHeader;
import io.jenkins.plugins.mender.artifact.ArtifactContents;
import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import io.jenkins.plugins.mender.artifact.ArtifactFile;
import io.jenkins.plugins.mender.artifact.Compression;
import io.jenkins.plugins.mender.http.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The table of what is about to be sent. Everything in it comes from the file and is made fit for a line. */
final class ArtifactTable {
    private static final int MOST_NAMES = 10;
    private static final int LIMIT = 256;

    private final ArtifactFile file;
    private final ArtifactHeader header;
    private final ArtifactContents contents;

    ArtifactTable(ArtifactFile file, PreparedArtifact.Known known) {
        this.file = file;
        this.header = known.header();
        this.contents = known.contents();
    }

    /** {@return the table's lines} */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(row("table.artifact", line(header.name()) + ", " + Figures.size(file.size())));
        lines.add(row("table.devices", names(header.deviceTypes())));
        for (Map.Entry<String, List<String>> depend : header.depends().entrySet()) {
            if (!depend.getKey().equals(ArtifactHeader.DEVICE_TYPE)) {
                lines.add(row("table.depends", line(depend.getKey()) + " " + names(depend.getValue())));
            }
        }
        if (!contents.scripts().isEmpty()) {
            lines.add(row("table.scripts", names(contents.scripts())));
        }
        for (int i = 0; i < contents.payloads().size(); i++) {
            lines.add(row("table.payload", payload(i)));
        }
        return lines;
    }

    private String payload(int index) {
        Payload payload = contents.payloads().get(index);
        String type =
                index < header.payloadTypes().size() ? header.payloadTypes().get(index) : "";
        List<String> words = new ArrayList<>();
        String files = payload.files().stream()
                .limit(MOST_NAMES)
                .map(ArtifactTable::fileText)
                .collect(Collectors.joining(", "));
        String more = payload.files().size() > MOST_NAMES
                ? Texts.get("table.more", payload.files().size() - MOST_NAMES)
                : "";
        String name = type.isEmpty() ? Texts.get("table.empty") : line(type);
        words.add(files.isEmpty() ? name : name + " (" + files + more + ")");
        if (index == 0) {
            if (contents.signed()) {
                words.add(Texts.get("table.signed"));
            }
            words.add(Texts.get("table.format", header.formatVersion()));
        }
        words.add(
                payload.compression() == Compression.NONE
                        ? Texts.get("table.uncompressed")
                        : payload.compression().name().toLowerCase(Locale.ROOT));
        return String.join(", ", words);
    }

    private static String fileText(PayloadFile one) {
        return one.sizeKnown() ? line(one.name()) + ", " + Figures.size(one.size()) : line(one.name());
    }

    private static String names(List<String> names) {
        String text = names.stream().limit(MOST_NAMES).map(ArtifactTable::line).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMES ? text + Texts.get("table.more", names.size() - MOST_NAMES) : text;
    }

    private static String row(String key, String value) {
        return String.format(Locale.ROOT, "  %-13s %s", Texts.get(key), value);
    }

    private static String line(String text) {
        return PlainText.oneLine(text, LIMIT);
    }
}
