package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.jenkins.plugins.mender.artifact.ArtifactContents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

    private static final String NAME = "artifact_name";
    private static final String GROUP = "artifact_group";
    private static final String DEPENDS = "artifact_depends";
    private static final String PROVIDES = "artifact_provides";
    private static final String CLEARS_PROVIDES = "clears_artifact_provides";
    private static final String HEADER_INFO = "header-info";
    private static final String TYPE_INFO = "type-info";
    private static final String META_DATA = "meta-data";

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
     * Reads the documents as Mender Server 4.1.3 reads them (packages {@code areader}, {@code artifact} and {@code handlers} of
     * mender-artifact c5f6563): what it refuses is refused, what it passes over is passed over.
     *
     * @param contents what the Artifact holds
     * @return what its documents say
     * @throws IllegalArgumentException when one of them is not JSON or not of its form, the Artifact has no name or no device
     *     type, {@code header-info} does not name a type for each payload, or a property stands in two places
     */
    public static ArtifactHeader of(ArtifactContents contents) {
        List<ArtifactContents.Payload> payloads = contents.payloads();
        return parse(
                contents.version(),
                contents.headerInfo(),
                contents.augmentedHeaderInfo(),
                payloads.stream().map(ArtifactContents.Payload::documents).toList(),
                payloads.stream()
                        .map(ArtifactContents.Payload::augmentedDocuments)
                        .toList());
    }

    static ArtifactHeader parse(
            String version,
            String headerInfo,
            String augmentedHeaderInfo,
            List<Map<String, String>> documents,
            List<Map<String, String>> augmentedDocuments) {
        JsonNode json = Json.parse(version);
        knowsOnly(json, "version", List.of("format", "version"));
        int format = json.path("version").asInt();
        JsonNode info = Json.parse(headerInfo);
        JsonNode augmentedInfo = Json.parse(augmentedHeaderInfo);
        Map<String, List<String>> depends = new LinkedHashMap<>();
        Map<String, String> provides = new LinkedHashMap<>();
        if (format > 2) {
            properties(info, depends, provides);
        } else {
            object(HEADER_INFO, info);
            provides.put(NAME, text(NAME, info.path(NAME)));
            depends.put(DEVICE_TYPE, texts(DEVICE_TYPE, info.path("device_types_compatible")));
        }
        refuse(provides.getOrDefault(NAME, "").isEmpty(), NAME + " is missing");
        refuse(depends.getOrDefault(DEVICE_TYPE, List.of()).isEmpty(), DEVICE_TYPE + " is missing");
        properties(augmentedInfo, new LinkedHashMap<>(), new LinkedHashMap<>());
        List<String> types = types(format, info, false);
        refuse(
                types.size() != documents.size(),
                "header-info names " + types.size() + " payloads, but there are " + documents.size());
        List<String> outranking = types(format, augmentedInfo, true);
        refuse(
                outranking.stream().skip(types.size()).anyMatch(type -> !type.isEmpty()),
                "the augmented header-info names more payloads than there are");
        List<Payload> payloads = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            String augmentedType = i < outranking.size() ? outranking.get(i) : "";
            PayloadDocuments payload = new PayloadDocuments(format, i, types.get(i), augmentedType);
            payloads.add(payload.read(documents.get(i), augmentedDocuments.get(i)));
            join(depends, payload.depends);
            join(provides, payload.provides);
        }
        return new ArtifactHeader(format, provides.get(NAME), payloads, depends, provides);
    }

    /** {@return the type of each payload, such as {@code rootfs-image}; empty text for an empty payload} */
    public List<String> payloadTypes() {
        return payloads.stream().map(Payload::type).toList();
    }

    /** {@return the device types that the Artifact is for} */
    public List<String> deviceTypes() {
        return depends.getOrDefault(DEVICE_TYPE, List.of());
    }

    /** {@return the properties that a device loses with a payload, or patterns of them} The augmented header outranks the other. */
    public static List<String> clearsProvides(ArtifactContents.Payload payload) {
        JsonNode outranking = clears(payload.augmentedDocuments());
        JsonNode clears = outranking.isArray() ? outranking : clears(payload.documents());
        return clears.isArray()
                ? Json.elements(clears).stream().map(JsonNode::asText).toList()
                : List.of();
    }

    private static JsonNode clears(Map<String, String> documents) {
        return Json.parse(documents.getOrDefault(TYPE_INFO, "")).path(CLEARS_PROVIDES);
    }

    /** Takes what {@code header-info} says of the Artifact; nothing where there is none. */
    private static void properties(JsonNode info, Map<String, List<String>> depends, Map<String, String> provides) {
        knowsOnly(info, HEADER_INFO, List.of("payloads", PROVIDES, DEPENDS));
        JsonNode ofArtifact = info.path(PROVIDES);
        knowsOnly(ofArtifact, PROVIDES, List.of(NAME, GROUP));
        for (String key : List.of(NAME, GROUP)) {
            String value = text(key, ofArtifact.path(key));
            if (!value.isEmpty()) {
                provides.put(key, value);
            }
        }
        JsonNode ofDevice = object(DEPENDS, info.path(DEPENDS));
        ofDevice.properties().forEach(depend -> {
            String key = depend.getKey();
            List<String> values =
                    List.of(NAME, GROUP, DEVICE_TYPE).contains(key) ? texts(key, depend.getValue()) : List.of();
            if (!values.isEmpty()) {
                depends.put(key, values);
            }
        });
        refuse(ofDevice.isObject() && !depends.containsKey(DEVICE_TYPE), DEVICE_TYPE + " is missing");
    }

    /**
     * The types of all payloads, empty text for null: an empty payload in the header. In the augmented header empty text leaves the
     * header's type as it is, and null has no meaning.
     */
    private static List<String> types(int format, JsonNode info, boolean outranking) {
        List<String> types = new ArrayList<>();
        String key = format > 2 ? "payloads" : "updates";
        for (JsonNode payload : list(key, info.path(key))) {
            if (format > 2) {
                knowsOnly(payload, key, List.of("type"));
            }
            JsonNode type = object(key, payload).path("type");
            String text = text("type", type);
            boolean nothing = type.isMissingNode() || type.isNull();
            refuse(
                    nothing ? outranking || format == 2 : text.isEmpty() && !outranking,
                    "header-info has a payload without a type");
            types.add(text);
        }
        return types;
    }

    private static <T> void join(Map<String, T> all, Map<String, T> ofPayload) {
        ofPayload.forEach((key, value) -> refuse(all.putIfAbsent(key, value) != null, key + " stands in two places"));
    }

    private static void refuse(boolean wrong, String words) {
        if (wrong) {
            throw new IllegalArgumentException(words);
        }
    }

    /** Makes sure that a value is an object with no other properties than these; null is as good as nothing. */
    private static void knowsOnly(JsonNode value, String what, List<String> known) {
        object(what, value)
                .properties()
                .forEach(property ->
                        refuse(!known.contains(property.getKey()), property.getKey() + " is unknown in " + what));
    }

    /** {@return the value, which is an object, or null or missing} */
    private static JsonNode object(String what, JsonNode value) {
        refuse(!value.isObject() && !value.isNull() && !value.isMissingNode(), what + " is no object");
        return value;
    }

    /** {@return the elements of a list; none when it is null or missing} */
    private static List<JsonNode> list(String what, JsonNode value) {
        refuse(!value.isArray() && !value.isNull() && !value.isMissingNode(), what + " is no list");
        return Json.elements(value);
    }

    /** {@return the text; empty when it is null or missing} */
    private static String text(String what, JsonNode value) {
        refuse(!value.isTextual() && !value.isNull() && !value.isMissingNode(), what + " is no text");
        return value.asText("");
    }

    private static List<String> texts(String what, JsonNode value) {
        return list(what, value).stream().map(element -> text(what, element)).toList();
    }

    /** What header and augmented header have for one payload. */
    private static final class PayloadDocuments {
        private final int format;
        private final String folder;
        private final String type;
        private final String augmentedType;
        private final Map<String, List<String>> depends = new LinkedHashMap<>();
        private final Map<String, String> provides = new LinkedHashMap<>();

        /**
         * @param format the version of the format
         * @param number which payload it is
         * @param type its type by the header; empty for an empty payload
         * @param augmentedType its type by the augmented header; empty when that has none
         */
        PayloadDocuments(int format, int number, String type, String augmentedType) {
            this.format = format;
            this.folder = String.format(Locale.ROOT, "headers/%04d/", number);
            this.type = type;
            this.augmentedType = augmentedType;
        }

        Payload read(Map<String, String> documents, Map<String, String> more) {
            boolean augmented = !augmentedType.isEmpty();
            String typeOfMore = augmented ? augmentedType : type;
            refuse(
                    !augmented && !more.isEmpty() && isModule(type),
                    "the augmented header has no type for what it has in " + folder);
            documents.keySet().forEach(name -> checkName(name, type, false));
            more.keySet().forEach(name -> checkName(name, typeOfMore, true));
            JsonNode own = typeInfo(documents, type);
            JsonNode outranking = typeInfo(more, typeOfMore);
            refuse(
                    augmented && isModule(augmentedType) && outranking.isMissingNode(),
                    "the augmented header has no " + folder + TYPE_INFO);
            take(own, outranking);
            checkMetaData(metaData(documents), metaData(more));
            boolean unread = format == 2 && isRootfs(type);
            if (unread) {
                checkFiles(documents);
            }
            return new Payload(
                    new Type(type, unread ? type : own.path("type").asText("")),
                    augmented ? new Type(augmentedType, outranking.path("type").asText("")) : Type.NONE);
        }

        private static boolean isRootfs(String type) {
            return type.equals(ROOTFS_IMAGE);
        }

        private static boolean isModule(String type) {
            return !type.isEmpty() && !isRootfs(type);
        }

        /** The reader's handler of each type knows some names, and fails over others. */
        private void checkName(String name, String ofType, boolean outranking) {
            boolean known = name.equals(TYPE_INFO) || name.equals(META_DATA) && !ofType.isEmpty();
            if (isRootfs(ofType) && !outranking) {
                known |= name.matches("signatures/[^/]+|scripts/[^/]+/[^/]+");
                known |= format == 2 && name.matches("files|checksums/[^/]+");
            }
            String payload = ofType.isEmpty() ? "an empty payload" : "a payload of type " + ofType;
            refuse(!known, folder + name + " belongs into no header of " + payload);
        }

        /** {@return the document {@code type-info}, missing where there is none or the reader passes it over} */
        private JsonNode typeInfo(Map<String, String> documents, String ofType) {
            if (!documents.containsKey(TYPE_INFO) || format == 2 && isRootfs(ofType)) {
                return MissingNode.getInstance();
            }
            String what = folder + TYPE_INFO;
            JsonNode info = object(what, Json.parse(documents.get(TYPE_INFO)));
            refuse(info.isMissingNode() || info.isNull() && !isRootfs(ofType), what + " is empty");
            text("type", info.path("type"));
            texts(CLEARS_PROVIDES, info.path(CLEARS_PROVIDES));
            object(DEPENDS, info.path(DEPENDS)).properties().forEach(one -> values(one.getKey(), one.getValue()));
            object(PROVIDES, info.path(PROVIDES)).properties().forEach(one -> value(one.getKey(), one.getValue()));
            return info.isNull() ? MissingNode.getInstance() : info;
        }

        /** An augmented root file system has what its own header says and nothing else; that of a module is laid over the other. */
        private void take(JsonNode own, JsonNode outranking) {
            if (format == 2) {
                return;
            }
            boolean both = isModule(augmentedType) && !type.isEmpty();
            refuse(
                    both && !fits(own.path(DEPENDS), outranking.path(DEPENDS)),
                    DEPENDS + " of header and augmented header do not fit together");
            boolean ownCounts = both || augmentedType.isEmpty() && outranking.isMissingNode();
            for (JsonNode info : ownCounts ? List.of(own, outranking) : List.of(outranking)) {
                info.path(DEPENDS)
                        .properties()
                        .forEach(one -> depends.put(one.getKey(), values(one.getKey(), one.getValue())));
                info.path(PROVIDES)
                        .properties()
                        .forEach(
                                one -> provides.put(one.getKey(), one.getValue().asText()));
            }
            depends.forEach((key, values) -> refuse(values.isEmpty(), key + " has no value that would do"));
        }

        private static List<String> values(String key, JsonNode node) {
            return node.isArray()
                    ? Json.elements(node).stream()
                            .map(element -> value(key, element))
                            .toList()
                    : List.of(value(key, node));
        }

        private static String value(String key, JsonNode node) {
            refuse(!node.isTextual(), key + " is no text");
            return node.asText();
        }

        /** {@return the document {@code meta-data}, missing where there is none or it was not kept} */
        private JsonNode metaData(Map<String, String> documents) {
            String text = documents.getOrDefault(META_DATA, "");
            JsonNode metaData = Json.parse(text.equals(ArtifactContents.Payload.UNKEPT_META_DATA) ? "" : text);
            refuse(!metaData.isObject() && !metaData.isMissingNode(), folder + META_DATA + " is no object");
            return metaData;
        }

        private void checkMetaData(JsonNode own, JsonNode outranking) {
            refuse(
                    augmentedType.isEmpty() && outranking.isObject()
                            || isModule(augmentedType) && !fits(own, outranking),
                    META_DATA + " of header and augmented header do not fit together");
        }

        /** {@return whether one object can be laid over another: what is an object or a list in one is it in the other} */
        private static boolean fits(JsonNode under, JsonNode over) {
            return over.properties().stream().allMatch(property -> {
                JsonNode below = under.path(property.getKey());
                JsonNode above = property.getValue();
                return below.isMissingNode()
                        || below.isObject() == above.isObject()
                                && below.isArray() == above.isArray()
                                && (!above.isObject() || fits(below, above));
            });
        }

        private void checkFiles(Map<String, String> documents) {
            JsonNode files = Json.parse(documents.getOrDefault("files", ""));
            knowsOnly(files, "files", List.of("files"));
            List<String> names = texts("files", files.path("files"));
            refuse(names.size() != 1 || names.get(0).isEmpty(), folder + "files does not name one file");
        }
    }
}
