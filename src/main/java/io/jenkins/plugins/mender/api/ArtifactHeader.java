package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
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
    /** The property that every Artifact depends on. */
    public static final String DEVICE_TYPE = "device_type";

    private static final String NAME = "artifact_name";

    /**
     * Reads the documents of an Artifact without augmented header.
     *
     * @param version the document {@code version}
     * @param headerInfo the document {@code header-info}
     * @param typeInfos the document {@code type-info} of each payload
     * @return what they say
     * @throws IllegalArgumentException when one of them is not JSON, or the Artifact has no name
     */
    public static ArtifactHeader parse(String version, String headerInfo, List<String> typeInfos) {
        return parse(version, headerInfo, "", typeInfos, List.of());
    }

    /**
     * Reads the documents. What no server takes is refused here.
     *
     * @param version the document {@code version}
     * @param headerInfo the document {@code header-info}
     * @param augmentedHeaderInfo the {@code header-info} of the augmented header, which can name other payload types; empty
     *     text when there is none
     * @param typeInfos the document {@code type-info} of each payload
     * @param augmentedTypeInfos those of the augmented header, which outrank the others
     * @return what they say
     * @throws IllegalArgumentException when one of them is not JSON, the Artifact has no name or no device type, {@code
     *     header-info} does not name a type for each payload, or a property is no text or stands in two places
     */
    public static ArtifactHeader parse(
            String version,
            String headerInfo,
            String augmentedHeaderInfo,
            List<String> typeInfos,
            List<String> augmentedTypeInfos) {
        JsonNode info = Json.parse(headerInfo);
        Map<String, List<String>> depends = new LinkedHashMap<>();
        Map<String, String> provides = new LinkedHashMap<>();
        take(info, depends, provides);
        if (info.has("device_types_compatible")) {
            depends.put(DEVICE_TYPE, values(DEVICE_TYPE, info.path("device_types_compatible")));
        }
        if (info.hasNonNull(NAME)) {
            provides.put(NAME, value(NAME, info.path(NAME)));
        }
        if (provides.getOrDefault(NAME, "").isEmpty()) {
            throw new IllegalArgumentException(NAME + " is missing");
        }
        if (depends.getOrDefault(DEVICE_TYPE, List.of()).isEmpty()) {
            throw new IllegalArgumentException(DEVICE_TYPE + " is missing");
        }
        Map<String, List<String>> payloadDepends = new LinkedHashMap<>();
        Map<String, String> payloadProvides = new LinkedHashMap<>();
        typeInfos.forEach(typeInfo -> take(Json.parse(typeInfo), payloadDepends, payloadProvides));
        augmentedTypeInfos.forEach(typeInfo -> take(Json.parse(typeInfo), payloadDepends, payloadProvides));
        join(depends, payloadDepends);
        join(provides, payloadProvides);
        List<String> types = types(info);
        if (types.size() != typeInfos.size()) {
            throw new IllegalArgumentException(
                    "header-info names " + types.size() + " payloads, but there are " + typeInfos.size());
        }
        List<String> outranking = types(Json.parse(augmentedHeaderInfo));
        for (int i = 0; i < Math.min(types.size(), outranking.size()); i++) {
            types.set(i, outranking.get(i).isEmpty() ? types.get(i) : outranking.get(i));
        }
        int format = Json.parse(version).path("version").asInt();
        return new ArtifactHeader(format, provides.get(NAME), types, depends, provides);
    }

    /** Takes what stands there; an empty list or null is as good as nothing. */
    private static void take(JsonNode info, Map<String, List<String>> depends, Map<String, String> provides) {
        info.path("artifact_depends").properties().forEach(e -> {
            List<String> values = values(e.getKey(), e.getValue());
            if (!values.isEmpty()) {
                depends.put(e.getKey(), values);
            }
        });
        info.path("artifact_provides").properties().forEach(e -> {
            if (!e.getValue().isNull()) {
                provides.put(e.getKey(), value(e.getKey(), e.getValue()));
            }
        });
    }

    private static List<String> values(String key, JsonNode node) {
        List<String> values = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(element -> values.add(value(key, element)));
        } else if (!node.isNull()) {
            values.add(value(key, node));
        }
        return values;
    }

    private static String value(String key, JsonNode node) {
        if (!node.isTextual()) {
            throw new IllegalArgumentException(key + " is no text");
        }
        return node.asText();
    }

    private static <T> void join(Map<String, T> ofArtifact, Map<String, T> ofPayloads) {
        ofPayloads.forEach((key, value) -> {
            if (ofArtifact.putIfAbsent(key, value) != null) {
                throw new IllegalArgumentException(key + " stands in both header-info and type-info");
            }
        });
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

    /**
     * Reads which properties a device loses with a payload.
     *
     * @param typeInfo the document {@code type-info}
     * @param augmentedTypeInfo that of the augmented header, which outranks the other; empty text when there is none
     * @return the properties, or patterns of them; none where the documents name none
     */
    public static List<String> clearsProvides(String typeInfo, String augmentedTypeInfo) {
        String key = "clears_artifact_provides";
        JsonNode outranking = Json.parse(augmentedTypeInfo).path(key);
        JsonNode clears =
                outranking.isArray() ? outranking : Json.parse(typeInfo).path(key);
        return clears.isArray() ? texts(clears) : List.of();
    }

    static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(element -> texts.add(element.asText()));
        } else {
            texts.add(node.asText());
        }
        return texts;
    }
}
