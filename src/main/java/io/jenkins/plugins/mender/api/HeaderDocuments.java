package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.mender.api.ArtifactHeader.Payload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The documents of an Artifact's header, read as Mender Server 4.1.3 reads them (packages {@code areader}, {@code artifact} and
 * {@code handlers} of mender-artifact c5f6563): what it refuses is refused, what it passes over is passed over. Every refusal is
 * an {@link IllegalArgumentException}.
 */
final class HeaderDocuments {
    private static final String NAME = "artifact_name";
    private static final String GROUP = "artifact_group";

    private final int format;
    private final JsonNode info;
    private final JsonNode augmentedInfo;
    private final Map<String, List<String>> depends = new LinkedHashMap<>();
    private final Map<String, String> provides = new LinkedHashMap<>();

    HeaderDocuments(String version, String headerInfo, String augmentedHeaderInfo) {
        JsonNode json = Json.parse(version);
        knowsOnly(json, "version", List.of("format", "version"));
        format = json.path("version").asInt();
        info = Json.parse(headerInfo);
        augmentedInfo = Json.parse(augmentedHeaderInfo);
    }

    ArtifactHeader read(List<Map<String, String>> documents, List<Map<String, String>> augmented) {
        if (format > 2) {
            properties(info, depends, provides);
        } else {
            propertiesOfFormat2();
        }
        if (provides.getOrDefault(NAME, "").isEmpty()) {
            throw new IllegalArgumentException(NAME + " is missing");
        }
        if (depends.getOrDefault(ArtifactHeader.DEVICE_TYPE, List.of()).isEmpty()) {
            throw new IllegalArgumentException(ArtifactHeader.DEVICE_TYPE + " is missing");
        }
        properties(augmentedInfo, new LinkedHashMap<>(), new LinkedHashMap<>());
        List<String> types = types(info, false);
        if (types.size() != documents.size()) {
            throw new IllegalArgumentException(
                    "header-info names " + types.size() + " payloads, but there are " + documents.size());
        }
        List<String> outranking = types(augmentedInfo, true);
        if (outranking.stream().skip(types.size()).anyMatch(type -> !type.isEmpty())) {
            throw new IllegalArgumentException("the augmented header-info names more payloads than there are");
        }
        List<Payload> payloads = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            String augmentedType = i < outranking.size() ? outranking.get(i) : "";
            PayloadDocuments payload = new PayloadDocuments(format, i, types.get(i), augmentedType);
            payloads.add(payload.read(documents.get(i), augmented.get(i)));
            join(depends, payload.depends());
            join(provides, payload.provides());
        }
        return new ArtifactHeader(format, provides.get(NAME), payloads, depends, provides);
    }

    /** Takes what {@code header-info} says of the Artifact; nothing where there is none. */
    private static void properties(JsonNode info, Map<String, List<String>> depends, Map<String, String> provides) {
        knowsOnly(info, "header-info", List.of("payloads", "artifact_provides", "artifact_depends"));
        JsonNode ofArtifact = info.path("artifact_provides");
        knowsOnly(ofArtifact, "artifact_provides", List.of(NAME, GROUP));
        for (String key : List.of(NAME, GROUP)) {
            String value = text(key, ofArtifact.path(key));
            if (!value.isEmpty()) {
                provides.put(key, value);
            }
        }
        JsonNode ofDevice = object("artifact_depends", info.path("artifact_depends"));
        ofDevice.properties().forEach(depend -> {
            String key = depend.getKey();
            if (List.of(NAME, GROUP, ArtifactHeader.DEVICE_TYPE).contains(key)) {
                List<String> values = texts(key, depend.getValue());
                if (!values.isEmpty()) {
                    depends.put(key, values);
                }
            }
        });
        if (ofDevice.isObject() && !depends.containsKey(ArtifactHeader.DEVICE_TYPE)) {
            throw new IllegalArgumentException(ArtifactHeader.DEVICE_TYPE + " is missing");
        }
    }

    private void propertiesOfFormat2() {
        object("header-info", info);
        provides.put(NAME, text(NAME, info.path(NAME)));
        depends.put(
                ArtifactHeader.DEVICE_TYPE, texts(ArtifactHeader.DEVICE_TYPE, info.path("device_types_compatible")));
    }

    /**
     * The types of all payloads, empty text for null: an empty payload in the header. In the augmented header empty text leaves the
     * header's type as it is, and null has no meaning.
     */
    private List<String> types(JsonNode from, boolean outranking) {
        List<String> types = new ArrayList<>();
        String key = format > 2 ? "payloads" : "updates";
        for (JsonNode payload : list(key, from.path(key))) {
            if (format > 2) {
                knowsOnly(payload, key, List.of("type"));
            }
            JsonNode type = object(key, payload).path("type");
            String text = text("type", type);
            boolean nothing = type.isMissingNode() || type.isNull();
            if (nothing ? outranking || format == 2 : text.isEmpty() && !outranking) {
                throw new IllegalArgumentException("header-info has a payload without a type");
            }
            types.add(text);
        }
        return types;
    }

    private static <T> void join(Map<String, T> all, Map<String, T> ofPayload) {
        ofPayload.forEach((key, value) -> {
            if (all.putIfAbsent(key, value) != null) {
                throw new IllegalArgumentException(key + " stands in two places");
            }
        });
    }

    /** Makes sure that a value is an object with no other properties than these; null is as good as nothing. */
    static void knowsOnly(JsonNode value, String what, List<String> known) {
        object(what, value).properties().forEach(property -> {
            if (!known.contains(property.getKey())) {
                throw new IllegalArgumentException(property.getKey() + " is unknown in " + what);
            }
        });
    }

    /** {@return the value, which is an object, or null or missing} */
    static JsonNode object(String what, JsonNode value) {
        if (!value.isObject() && !value.isNull() && !value.isMissingNode()) {
            throw new IllegalArgumentException(what + " is no object");
        }
        return value;
    }

    /** {@return the elements of a list; none when it is null or missing} */
    static List<JsonNode> list(String what, JsonNode value) {
        if (!value.isArray() && !value.isNull() && !value.isMissingNode()) {
            throw new IllegalArgumentException(what + " is no list");
        }
        return Json.elements(value);
    }

    /** {@return the text; empty when it is null or missing} */
    static String text(String what, JsonNode value) {
        if (!value.isTextual() && !value.isNull() && !value.isMissingNode()) {
            throw new IllegalArgumentException(what + " is no text");
        }
        return value.asText("");
    }

    /** {@return the texts of a list} */
    static List<String> texts(String what, JsonNode value) {
        return list(what, value).stream().map(element -> text(what, element)).toList();
    }
}
