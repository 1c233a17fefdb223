package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.Artifact;
import io.jenkins.plugins.mender.api.PlainText;
import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares a file with an Artifact of the server by what makes them the same to a device: payload files and depends. */
final class Differences {
    private static final int LIMIT = 200;

    private Differences() {}

    /** {@return what differs, a sentence for each; none when the content is the same} */
    static List<String> between(PreparedArtifact.Known file, Artifact artifact) {
        List<String> differences = listed(file, artifact);
        augmented(file).forEach(one -> differences.add(Texts.get("differs.augmented", line(one.name()))));
        return differences;
    }

    /**
     * {@return whether an Artifact can be the one that was sent from a file} Servers do not list the files that are augmented, such as
     * deltas; their size stands for them.
     */
    static boolean mayBe(PreparedArtifact.Known file, Artifact artifact) {
        boolean sameSize = artifact.size() == file.contents().size();
        return listed(file, artifact).isEmpty() && (sameSize || augmented(file).isEmpty());
    }

    private static List<PayloadFile> augmented(PreparedArtifact.Known file) {
        return file.contents().payloads().stream()
                .flatMap(payload -> payload.files().stream())
                .filter(PayloadFile::augmented)
                .toList();
    }

    /** What differs of that which servers list. */
    private static List<String> listed(PreparedArtifact.Known file, Artifact artifact) {
        List<String> differences = new ArrayList<>();
        Map<String, List<String>> here = file.header().depends();
        Map<String, List<String>> there = artifact.depends();
        TreeSet<String> properties = new TreeSet<>(here.keySet());
        properties.addAll(there.keySet());
        for (String property : properties) {
            List<String> mine = here.getOrDefault(property, List.of());
            List<String> theirs = there.getOrDefault(property, List.of());
            if (!new HashSet<>(mine).equals(new HashSet<>(theirs))) {
                differences.add(Texts.get("differs.depends", line(property), line(theirs), line(mine)));
            }
        }
        Map<String, String> sums = sums(file);
        Map<String, String> theirSums = sums(artifact);
        TreeSet<String> files = new TreeSet<>(sums.keySet());
        files.addAll(theirSums.keySet());
        for (String name : files) {
            if (!Objects.equals(sums.get(name), theirSums.get(name))) {
                String key = !theirSums.containsKey(name)
                        ? "differs.onlyHere"
                        : !sums.containsKey(name) ? "differs.onlyThere" : "differs.content";
                differences.add(Texts.get(key, line(name)));
            }
        }
        return differences;
    }

    private static Map<String, String> sums(PreparedArtifact.Known file) {
        Map<String, String> sums = new TreeMap<>();
        List<Payload> payloads = file.contents().payloads();
        for (int i = 0; i < payloads.size(); i++) {
            for (PayloadFile one : payloads.get(i).files()) {
                if (!one.augmented()) {
                    sums.put(i + "/" + one.name(), one.sha256());
                }
            }
        }
        return sums;
    }

    private static Map<String, String> sums(Artifact artifact) {
        Map<String, String> sums = new TreeMap<>();
        for (int i = 0; i < artifact.updates().size(); i++) {
            for (Artifact.File one : artifact.updates().get(i).files()) {
                sums.put(i + "/" + one.name(), one.checksum());
            }
        }
        return sums;
    }

    private static String line(List<String> values) {
        return values.isEmpty() ? Texts.get("differs.nothing") : line(String.join(", ", values));
    }

    private static String line(String text) {
        return PlainText.oneLine(text, LIMIT);
    }
}
