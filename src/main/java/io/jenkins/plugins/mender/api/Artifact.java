package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An Artifact as a Mender Server describes it ({@code GET /artifacts/{id}}).
 *
 * @param id the Artifact's id
 * @param name its name, which is the name of its Release
 * @param deviceTypes the device types it is for, never null
 * @param size the file's size in bytes
 * @param modified when it was stored, as the server writes it; empty when it does not say
 * @param updates its payloads, never null
 * @param artifactDepends what a device must have, as the server writes it; may be null
 */
public record Artifact(
        String id,
        String name,
        List<String> deviceTypes,
        long size,
        String modified,
        List<Update> updates,
        JsonNode artifactDepends) {

    public Artifact {
        name = name == null ? "" : name;
        modified = modified == null ? "" : modified;
        deviceTypes = deviceTypes == null ? List.of() : List.copyOf(deviceTypes);
        updates = updates == null ? List.of() : List.copyOf(updates);
    }

    /** Reads what a server says, or throws {@link IllegalArgumentException}. */
    static Artifact of(JsonNode artifact) {
        return new Artifact(
                Json.text(Json.object(artifact).path("id")),
                Json.text(artifact.path("name")),
                Json.texts(artifact.path("device_types_compatible")),
                artifact.path("size").asLong(),
                Json.text(artifact.path("modified")),
                Json.elements(artifact.path("updates")).stream().map(Update::of).toList(),
                artifact.get("artifact_depends"));
    }

    /** {@return what a device must have: each property with the values that will do, {@code device_type} included} */
    public Map<String, List<String>> depends() {
        Map<String, List<String>> depends = new TreeMap<>();
        if (artifactDepends != null) {
            artifactDepends.properties().forEach(e -> depends.put(e.getKey(), ArtifactHeader.texts(e.getValue())));
        }
        depends.putIfAbsent(ArtifactHeader.DEVICE_TYPE, deviceTypes);
        return depends;
    }

    /**
     * One payload.
     *
     * @param files the payload's files, never null
     */
    public record Update(List<File> files) {
        public Update {
            files = files == null ? List.of() : List.copyOf(files);
        }

        private static Update of(JsonNode update) {
            return new Update(Json.elements(Json.object(update).path("files")).stream()
                    .map(File::of)
                    .toList());
        }
    }

    /**
     * A file of a payload.
     *
     * @param name the file's name
     * @param checksum its SHA-256, lower case hex digits
     * @param size its size in bytes
     */
    public record File(String name, String checksum, long size) {

        private static File of(JsonNode file) {
            return new File(
                    Json.text(Json.object(file).path("name")),
                    Json.text(file.path("checksum")),
                    file.path("size").asLong());
        }
    }
}
