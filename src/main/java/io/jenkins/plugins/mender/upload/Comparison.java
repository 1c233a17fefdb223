package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.api.Artifact;
import io.jenkins.plugins.mender.api.ArtifactHeader;
import io.jenkins.plugins.mender.api.MetaData;
import io.jenkins.plugins.mender.api.StorageException;
import io.jenkins.plugins.mender.api.StorageException.Problem;
import io.jenkins.plugins.mender.artifact.ArtifactContents.Manifests;
import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import io.jenkins.plugins.mender.artifact.ArtifactContents.PayloadFile;
import io.jenkins.plugins.mender.artifact.ArtifactException;
import io.jenkins.plugins.mender.artifact.ArtifactReader;
import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.upload.Preparation.Known;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares a file with what the server holds: by the manifest of the stored file, which vouches for every byte that matters to
 * a device, or, where that cannot be read, by what the server lists. The log says which of the two it was.
 */
final class Comparison {
    /** What is read of a stored file at least; the manifest of one with some hundred payload files fits. */
    private static final int LEAST_BYTES = 64 * 1024;

    private static final int MOST_BYTES = 4 * 1024 * 1024;

    /** Room for the names and sizes of the parts, and for the signature. */
    private static final int ROOM_BYTES = 16 * 1024;

    private final UploadSession session;

    /** Why the storage is not asked any more in this step: each time would cost as long as the first. Empty before that. */
    private String outOfReach = "";

    Comparison(UploadSession session) {
        this.session = session;
    }

    /**
     * Compares a file with an Artifact.
     *
     * @param sent whether the Artifact may be what arrived of the file: what is not listed is no difference then
     * @return what differs, a sentence for each; empty when there is nothing to compare with
     */
    Optional<List<String>> differences(Known file, Artifact artifact, boolean sent) throws InterruptedException {
        String id = Texts.line(artifact.id());
        String reason = outOfReach;
        if (reason.isEmpty()) {
            try {
                Optional<Manifests> stored = stored(file, artifact);
                session.tell("log.compared.manifest", id);
                return Optional.of(new Differences(file, artifact).byManifest(stored));
            } catch (StorageException e) {
                reason = reason(e);
                outOfReach = e.problem() == Problem.UNANSWERED ? reason : "";
            } catch (IOException e) {
                reason = Texts.get("storage.UNREADABLE");
            }
        }
        session.tell("log.compared.list", id, reason);
        return artifact.whole() ? Optional.of(new Differences(file, artifact).byList(sent)) : Optional.empty();
    }

    /** {@return the manifests of a stored file; empty when they are far longer than those of the file here} */
    private Optional<Manifests> stored(Known file, Artifact artifact)
            throws StorageException, IOException, InterruptedException {
        int bytes = Math.min(
                MOST_BYTES, Math.max(LEAST_BYTES, 2 * bytes(file.contents().manifests())));
        byte[] beginning = session.api.beginning(artifact.id(), bytes);
        try {
            return Optional.of(ArtifactReader.manifests(beginning));
        } catch (ArtifactException e) {
            if (e.problem() == ArtifactException.Problem.TRUNCATED && beginning.length >= bytes) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static int bytes(Manifests manifests) {
        return ROOM_BYTES
                + manifests.sums().entrySet().stream()
                        .mapToInt(line -> line.getKey().getBytes(StandardCharsets.UTF_8).length
                                + line.getValue().length()
                                + "  \n".length())
                        .sum();
    }

    private static String reason(StorageException e) {
        return e.unanswered()
                .map(exchange -> FailureReport.gist(e.storage(), exchange))
                .orElseGet(() -> Texts.get("storage." + e.problem(), e.storage(), e.detail()));
    }

    /** What differs between a file and an Artifact of the server, in a user's words: a sentence for each. */
    private static final class Differences {
        private static final int LIMIT = 200;

        /** Files of a payload that are named. */
        private static final int MOST_FILES = 20;

        private static final String DATA = "data/";
        private static final String HEADER = "header.tar";

        private final Known file;
        private final Artifact artifact;
        private final List<String> found = new ArrayList<>();

        Differences(Known file, Artifact artifact) {
            this.file = file;
            this.artifact = artifact;
        }

        /**
         * {@return what differs by the manifests} What the server lists only helps to name it.
         *
         * @param stored the manifests of the stored file; empty when they are too long to be those of the file
         */
        List<String> byManifest(Optional<Manifests> stored) {
            Manifests here = file.contents().manifests();
            if (stored.isPresent() && stored.get().equals(here)) {
                return List.of();
            }
            if (artifact.whole()) {
                header();
            }
            if (stored.isPresent()) {
                parts(here, stored.get());
            } else {
                files(sums(file), sums(artifact));
            }
            if (found.isEmpty()) {
                add("differs.manifest");
            }
            return found;
        }

        /** {@return what differs of that which servers list, and, unless it was sent, the files that they do not list: deltas} */
        List<String> byList(boolean sent) {
            artifact.signed().ifPresent(signed -> signatures(file.contents().signed(), signed));
            header();
            files(sums(file), sums(artifact));
            if (artifact.size() != file.contents().size()) {
                add("differs.size", artifact.size(), file.contents().size());
            }
            if (!sent) {
                file.contents().payloads().stream()
                        .flatMap(payload -> payload.files().stream())
                        .filter(PayloadFile::augmented)
                        .forEach(one -> add("differs.augmented", line(one.name())));
            }
            return found;
        }

        /** What the documents of the header say. */
        private void header() {
            ArtifactHeader header = file.header();
            List<Payload> payloads = file.contents().payloads();
            both("differs.depends", header.depends(), artifact.depends());
            if (header.formatVersion() > 2 && artifact.provides().isPresent()) {
                both(
                        "differs.provides",
                        lists(header.provides()),
                        lists(artifact.provides().get()));
                List<String> clears = payloads.stream()
                        .flatMap(payload -> ArtifactHeader.clearsProvides(payload).stream())
                        .toList();
                both("differs.clears", Map.of("", clears), Map.of("", artifact.clearsProvides()));
            }
            for (int i = 0; i < Math.min(payloads.size(), artifact.updates().size()); i++) {
                Artifact.Update there = artifact.updates().get(i);
                String type = header.payloadTypes().get(i);
                if (!type.equals(there.type())) {
                    add("differs.type", i, line(List.of(there.type())), line(List.of(type)));
                }
                String metaData = payloads.get(i).metaData();
                if (!metaData.equals(Payload.UNKEPT_META_DATA)
                        && !MetaData.of(metaData).equals(there.metaData())) {
                    add("differs.metaData", i);
                }
            }
        }

        private void both(String key, Map<String, List<String>> here, Map<String, List<String>> there) {
            for (String property : names(here, there)) {
                List<String> mine = here.getOrDefault(property, List.of());
                List<String> theirs = there.getOrDefault(property, List.of());
                if (!new HashSet<>(mine).equals(new HashSet<>(theirs))) {
                    add(key, line(property), line(theirs), line(mine));
                }
            }
        }

        /** What the manifests say of the parts, and of each other. */
        private void parts(Manifests here, Manifests there) {
            boolean named = !found.isEmpty();
            signatures(here.signed(), there.signed());
            files(data(here), data(there));
            List<String> different = different(here.sums(), there.sums());
            different.stream()
                    .filter(part -> !part.startsWith(DATA) && !part.startsWith(HEADER))
                    .forEach(part -> add("differs.part", line(part)));
            String mine = header(here);
            String theirs = header(there);
            if (!mine.equals(theirs)) {
                add("differs.compression", line(theirs), line(mine));
            } else if (!named && different.contains(mine)) {
                add(allListed() ? "differs.header" : "differs.part", line(mine));
            }
            boolean signed = here.signed() && there.signed();
            if (signed
                    && here.manifest().equals(there.manifest())
                    && !here.signature().equals(there.signature())) {
                add("differs.signature");
            }
        }

        /** {@return whether all could be compared that servers list of a header} */
        private boolean allListed() {
            return artifact.whole()
                    && file.contents().payloads().stream()
                            .noneMatch(payload -> payload.metaData().equals(Payload.UNKEPT_META_DATA));
        }

        /** {@return the name of the header, which tells how it is compressed} */
        private static String header(Manifests manifests) {
            return manifests.sums().keySet().stream()
                    .filter(part -> part.startsWith(HEADER))
                    .findFirst()
                    .orElse("");
        }

        private void signatures(boolean here, boolean there) {
            if (here != there) {
                add(here ? "differs.signedHere" : "differs.signedThere");
            }
        }

        private void files(Map<String, String> here, Map<String, String> there) {
            List<String> different = different(here, there);
            for (String name : different.subList(0, Math.min(MOST_FILES, different.size()))) {
                String key = !there.containsKey(name)
                        ? "differs.onlyHere"
                        : !here.containsKey(name) ? "differs.onlyThere" : "differs.content";
                add(key, line(name));
            }
            if (different.size() > MOST_FILES) {
                add("differs.more", different.size() - MOST_FILES);
            }
        }

        private void add(String key, Object... arguments) {
            found.add(Texts.get(key, arguments));
        }

        private static Map<String, String> sums(Known file) {
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

        /** The payload files of a manifest, named as {@link #sums(Artifact)} does. */
        private static Map<String, String> data(Manifests manifests) {
            Map<String, String> sums = new TreeMap<>();
            manifests.sums().forEach((path, sum) -> {
                if (path.startsWith(DATA)) {
                    sums.put(path.substring(DATA.length()).replaceFirst("^0{1,3}", ""), sum);
                }
            });
            return sums;
        }

        private static Map<String, List<String>> lists(Map<String, String> values) {
            Map<String, List<String>> lists = new TreeMap<>();
            values.forEach((key, value) -> lists.put(key, List.of(value)));
            return lists;
        }

        /** {@return the names that do not stand for the same in both, in their order} */
        private static List<String> different(Map<String, String> here, Map<String, String> there) {
            return names(here, there).stream()
                    .filter(name -> !Objects.equals(here.get(name), there.get(name)))
                    .toList();
        }

        private static TreeSet<String> names(Map<String, ?> here, Map<String, ?> there) {
            TreeSet<String> names = new TreeSet<>(here.keySet());
            names.addAll(there.keySet());
            return names;
        }

        private static String line(List<String> values) {
            String all = String.join(", ", values);
            return all.isEmpty() ? Texts.get("differs.nothing") : line(all);
        }

        private static String line(String text) {
            return PlainText.oneLine(text, LIMIT);
        }
    }
}
