package io.jenkins.plugins.mender.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.mender.api.ArtifactHeader;
import io.jenkins.plugins.mender.artifact.ArtifactContents;
import io.jenkins.plugins.mender.artifact.ArtifactContents.Payload;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An Artifact that the simulated server holds.
 *
 * @param id its id
 * @param header what its header says
 * @param contents what the file holds
 * @param description the text that came with it
 * @param file its bytes
 * @param size their number
 * @param modified when it came
 */
public record StoredArtifact(
        String id,
        ArtifactHeader header,
        ArtifactContents contents,
        String description,
        Path file,
        long size,
        Instant modified) {

    /** {@return every full combination of depends; the server's index is on the name and one of these} */
    Set<Map<String, String>> combinations() {
        Set<Map<String, String>> combinations = Set.of(Map.of());
        for (Map.Entry<String, List<String>> depend : new TreeMap<>(header.depends()).entrySet()) {
            Set<Map<String, String>> longer = new HashSet<>();
            for (Map<String, String> combination : combinations) {
                for (String value : depend.getValue()) {
                    Map<String, String> one = new TreeMap<>(combination);
                    one.put(depend.getKey(), value);
                    longer.add(one);
                }
            }
            combinations = longer;
        }
        return combinations;
    }

    /** {@return the Artifact as the management API describes it} */
    JsonNode json(Flavour flavour) {
        ObjectNode json = Json.object("id", id);
        if (!description.isEmpty()) {
            json.put("description", description);
        }
        json.put("name", header.name());
        json.set("device_types_compatible", Json.MAPPER.valueToTree(header.deviceTypes()));
        json.set("info", Json.object("format", "mender", "version", header.formatVersion()));
        json.put("signed", contents.signed());
        json.set("updates", updates(flavour));
        if (header.formatVersion() > 2) {
            json.set("artifact_provides", Json.MAPPER.valueToTree(header.provides()));
        }
        json.set("artifact_depends", Json.MAPPER.valueToTree(header.depends()));
        List<String> clears = contents.payloads().stream()
                .flatMap(payload -> ArtifactHeader.clearsProvides(payload).stream())
                .toList();
        if (!clears.isEmpty() && header.formatVersion() > 2) {
            json.set("clears_artifact_provides", Json.MAPPER.valueToTree(clears));
        }
        return json.put("size", size).put("modified", modified.toString());
    }

    private ArrayNode updates(Flavour flavour) {
        ArrayNode updates = Json.MAPPER.createArrayNode();
        for (int i = 0; i < contents.payloads().size(); i++) {
            ArrayNode files = Json.MAPPER.createArrayNode();
            contents.payloads().get(i).files().stream()
                    .filter(file -> !file.augmented())
                    .forEach(file -> files.add(Json.object(
                            "name",
                            file.name(),
                            "checksum",
                            file.sha256(),
                            "size",
                            file.size(),
                            "date",
                            modified.toString())));
            String type = header.payloadTypes().get(i);
            ObjectNode update = Json.object("type_info", Json.object("type", type.isEmpty() ? null : type));
            update.set("files", files);
            JsonNode metaData = metaData(contents.payloads().get(i).metaData());
            if (!metaData.isEmpty()) {
                update.set("meta_data", pairs(metaData));
            }
            if (!metaData.isEmpty() && flavour.since(Flavour.MENDER_4_1)) {
                update.set("metadata", metaData);
            }
            updates.add(update);
        }
        return updates;
    }

    /** Meta-data that is too long to be kept has something in its place that is as long. */
    private JsonNode metaData(String document) {
        return document.equals(Payload.UNKEPT_META_DATA)
                ? Json.object("long", "x".repeat((int) size))
                : Json.parse(document);
    }

    /** The way in which the database's driver writes an object. */
    private static ArrayNode pairs(JsonNode object) {
        ArrayNode pairs = Json.MAPPER.createArrayNode();
        object.properties().forEach(e -> {
            JsonNode value = e.getValue();
            pairs.add(Json.object("Key", e.getKey(), "Value", value.isObject() ? pairs(value) : value));
        });
        return pairs;
    }
}
