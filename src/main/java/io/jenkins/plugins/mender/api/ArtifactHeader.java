package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the documents in an Artifact's header say. In format 3 name, group and depends stand in {@code artifact_provides} and
 * {@code artifact_depends}; in format 2 name and device types stand at the top of {@code header-info}.
 *
 * @param formatVersion the version of the file format, 2 or 3
 * @param name the Artifact's name
 * @param payloads each payload
 * @param depends what a device must have: each property with the values that will do, {@code device_type} included
 * @param provides what a device has afterwards
 */
public record ArtifactHeader(
        int formatVersion,
        String name,
        List<Payload> payloads,
        Map<String, List<String>> depends,
        Map<String, String> provides) {
    /** The property that every Artifact depends on. */
    public static final String DEVICE_TYPE = "device_type";

    /** The type of a payload that is a root file system: servers have rules of their own for it. */
    public static final String ROOTFS_IMAGE = "rootfs-image";

    /**
     * One payload.
     *
     * @param header what the header calls it
     * @param augmented what the augmented header calls it, which outranks the other; {@link Type#NONE} when it does not
     */
    public record Payload(Type header, Type augmented) {
        /** {@return the type by which devices choose how to install it; empty text for an empty payload} */
        public String type() {
            return isAugmented() ? augmented.headerInfo() : header.headerInfo();
        }

        /** {@return whether the augmented header outranks the other} */
        public boolean isAugmented() {
            return !augmented.headerInfo().isEmpty();
        }
    }

    /**
     * A payload's type, which stands in two places.
     *
     * @param headerInfo the type in {@code header-info}, empty for an empty payload
     * @param typeInfo the type in {@code type-info}, empty when there is none
     */
    public record Type(String headerInfo, String typeInfo) {
        /** No type. */
        public static final Type NONE = new Type("", "");
    }

    /**
     * Reads the documents by the rules of servers' reader. What no server takes is refused here.
     *
     * @param version the document {@code version}
     * @param headerInfo the document {@code header-info}
     * @param augmentedHeaderInfo the {@code header-info} of the augmented header, which can name other payload types; empty
     *     text when there is none
     * @param documents what the header has for each payload, by file name, such as {@code type-info}
     * @param augmentedDocuments the same of the augmented header
     * @return what they say
     * @throws IllegalArgumentException when one of them is not JSON or not of its form, the Artifact has no name or no device
     *     type, {@code header-info} does not name a type for each payload, or a property stands in two places
     */
    public static ArtifactHeader parse(
            String version,
            String headerInfo,
            String augmentedHeaderInfo,
            List<Map<String, String>> documents,
            List<Map<String, String>> augmentedDocuments) {
        return new HeaderDocuments(version, headerInfo, augmentedHeaderInfo).read(documents, augmentedDocuments);
    }

    /** {@return the type of each payload, such as {@code rootfs-image}; empty text for an empty payload} */
    public List<String> payloadTypes() {
        return payloads.stream().map(Payload::type).toList();
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
