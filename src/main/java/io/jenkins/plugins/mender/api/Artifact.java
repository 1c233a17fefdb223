package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An Artifact as a Mender Server describes it ({@code GET /artifacts/{id}}).
 *
 * @param id the Artifact's id
 * @param name its name, which is the name of its Release
 * @param deviceTypes the device types it is for, never null
 * @param size the file's size in bytes
 * @param modified when it was stored, as the server writes it; empty when it does not say
 * @param signed whether the file has a signature; empty when the server does not say
 * @param updates its payloads, never null
 * @param artifactDepends what a device must have, as the server writes it; may be null
 * @param provides what a device has afterwards; empty when the server does not say, as for files of format 2
 * @param clearsProvides which properties a device loses, never null
 * @param whole false for a description that is longer than what is read of an answer: what it says of payloads, depends and
 *     the like is not known then
 */
public record Artifact(
        String id,
        String name,
        List<String> deviceTypes,
        long size,
        String modified,
        Optional<Boolean> signed,
        List<Update> updates,
        JsonNode artifactDepends,
        Optional<Map<String, String>> provides,
        List<String> clearsProvides,
        boolean whole) {
    private static final Pattern ID_FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    private static final String ID = "id";
    private static final String NAME = "name";
    private static final String DEVICE_TYPES = "device_types_compatible";

    public Artifact {
        name = name == null ? "" : name;
        modified = modified == null ? "" : modified;
        deviceTypes = deviceTypes == null ? List.of() : List.copyOf(deviceTypes);
        updates = updates == null ? List.of() : List.copyOf(updates);
        provides = provides.map(Map::copyOf);
        clearsProvides = List.copyOf(clearsProvides);
    }

    /** Reads what a server says, or throws {@link IllegalArgumentException}. */
    static Artifact of(JsonNode artifact) {
        return of(artifact, true);
    }

    /**
     * Reads the begin of a list that is longer than what is kept of an answer. Servers write id, name and device types
     * before the payloads, whose files are what makes a description long.
     *
     * @throws IllegalArgumentException when it does not even come to the first Artifact's name
     */
    static Artifact ofFirst(byte[] list) {
        Artifact first = of(Json.first(list, Set.of(ID, NAME, DEVICE_TYPES)), false);
        if (first.name.isEmpty()) {
            throw new IllegalArgumentException("no name");
        }
        return first;
    }

    private static Artifact of(JsonNode artifact, boolean whole) {
        JsonNode signed = Json.object(artifact).path("signed");
        JsonNode provides = artifact.path("artifact_provides");
        return new Artifact(
                id(artifact.path(ID)),
                Json.text(artifact.path(NAME)),
                Json.texts(artifact.path(DEVICE_TYPES)),
                artifact.path("size").asLong(),
                Json.text(artifact.path("modified")),
                signed.isBoolean() ? Optional.of(signed.booleanValue()) : Optional.empty(),
                Json.elements(artifact.path("updates")).stream().map(Update::of).toList(),
                artifact.get("artifact_depends"),
                provides.isObject() ? Optional.of(texts(provides)) : Optional.empty(),
                Json.texts(artifact.path("clears_artifact_provides")),
                whole);
    }

    /** Ids go into addresses and logs. Servers make UUIDs; whatever else is as plain will do. */
    private static String id(JsonNode value) {
        String id = Json.text(value);
        if (id == null || !ID_FORM.matcher(id).matches()) {
            throw new IllegalArgumentException("an Artifact without an id");
        }
        return id;
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties().forEach(e -> texts.put(e.getKey(), String.valueOf(Json.text(e.getValue()))));
        return texts;
    }

    /** {@return what a device must have: each property with the values that will do, {@code device_type} included} */
    public Map<String, List<String>> depends() {
        Map<String, List<String>> depends = new TreeMap<>();
        if (artifactDepends != null) {
            artifactDepends.properties().forEach(e -> depends.put(e.getKey(), values(e.getValue())));
        }
        depends.putIfAbsent(ArtifactHeader.DEVICE_TYPE, deviceTypes);
        return depends;
    }

    private static List<String> values(JsonNode node) {
        return node.isArray()
                ? Json.elements(node).stream().map(JsonNode::asText).toList()
                : List.of(node.asText());
    }

    /**
     * One payload.
     *
     * @param type its type, such as {@code rootfs-image}; empty text for an empty payload
     * @param files the payload's files, never null
     * @param metaData its meta-data, which is empty when it has none
     */
    public record Update(String type, List<File> files, MetaData metaData) {
        public Update {
            type = type == null ? "" : type;
            files = files == null ? List.of() : List.copyOf(files);
        }

        private static Update of(JsonNode update) {
            return new Update(
                    Json.text(Json.object(update).path("type_info").path("type")),
                    Json.elements(update.path("files")).stream().map(File::of).toList(),
                    MetaData.listed(update));
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
