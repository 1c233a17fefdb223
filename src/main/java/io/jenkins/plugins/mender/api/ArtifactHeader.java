package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the documents in an Artifact's header say. In format 3 name, group and depends stand in {@code artifact_provides} and
 * {@code artifact_depends}; in format 2 name and device types stand at the top of {@code header-info}.
 *
 * @param formatVersion the version of the file format, 2 or 3
 * @param name the Artifact's name
 * @param payloadTypes type of each payload, such as {@code rootfs-image}; empty text for an empty payload
 * @param depends what a device must have: each property with the values that will do, {@code device_type} included
 * @param provides what a device has afterwards
 */
public record ArtifactHeader(
        int formatVersion,
        String name,
        List<String> payloadTypes,
        Map<String, List<String>> depends,
        Map<String, String> provides) {
    private static final String DEVICE_TYPE = "device_type";

    /**
     * Reads the documents.
     *
     * @param version the document {@code version}
     * @param headerInfo the document {@code header-info}
     * @param typeInfos the document {@code type-info} of each payload
     * @return what they say
     * @throws IllegalArgumentException when one of them is not JSON, or the Artifact has no name
     */
    public static ArtifactHeader parse(String version, String headerInfo, List<String> typeInfos) {
        Map<String, List<String>> depends = new LinkedHashMap<>();
        Map<String, String> provides = new LinkedHashMap<>();
        JsonNode info = json(headerInfo);
        info.path("artifact_depends").properties().forEach(e -> depends.put(e.getKey(), texts(e.getValue())));
        if (info.has("device_types_compatible")) {
            depends.put(DEVICE_TYPE, texts(info.path("device_types_compatible")));
        }
        info.path("artifact_provides")
                .properties()
                .forEach(e -> provides.put(e.getKey(), e.getValue().asText()));
        if (info.has("artifact_name")) {
            provides.put("artifact_name", info.path("artifact_name").asText());
        }
        for (String typeInfo : typeInfos) {
            JsonNode type = json(typeInfo);
            type.path("artifact_depends").properties().forEach(e -> depends.put(e.getKey(), texts(e.getValue())));
            type.path("artifact_provides")
                    .properties()
                    .forEach(e -> provides.put(e.getKey(), e.getValue().asText()));
        }
        String name = provides.getOrDefault("artifact_name", "");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("artifact_name is missing");
        }
        return new ArtifactHeader(json(version).path("version").asInt(), name, types(info), depends, provides);
    }

    /** The types as {@code header-info} lists them: mender-artifact leaves a root file system's {@code type-info} empty. */
    private static List<String> types(JsonNode info) {
        List<String> types = new ArrayList<>();
        JsonNode payloads = info.has("payloads") ? info.path("payloads") : info.path("updates");
        payloads.forEach(payload -> types.add(payload.path("type").asText("")));
        return types;
    }

    /** {@return the device types that the Artifact is for} */
    public List<String> deviceTypes() {
        return depends.getOrDefault(DEVICE_TYPE, List.of());
    }

    private static JsonNode json(String document) {
        try {
            return new ObjectMapper().readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a JSON document: " + PlainText.oneLine(document, 100), e);
        }
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(element -> texts.add(element.asText()));
        } else {
            texts.add(node.asText());
        }
        return texts;
    }
}
