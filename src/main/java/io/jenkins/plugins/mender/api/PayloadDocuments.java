package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.jenkins.plugins.mender.api.ArtifactHeader.Payload;
import io.jenkins.plugins.mender.api.ArtifactHeader.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What header and augmented header have for one payload; read as {@link HeaderDocuments} are. */
final class PayloadDocuments {
    private static final String TYPE_INFO = "type-info";
    private static final String META_DATA = "meta-data";
    private static final String DEPENDS = "artifact_depends";
    private static final String PROVIDES = "artifact_provides";

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

    /**
     * Reads the documents.
     *
     * @param documents those of the header, by name
     * @param more those of the augmented header
     */
    Payload read(Map<String, String> documents, Map<String, String> more) {
        boolean augmented = !augmentedType.isEmpty();
        String typeOfMore = augmented ? augmentedType : type;
        if (!augmented && !more.isEmpty() && isModule(type)) {
            throw new IllegalArgumentException("the augmented header has no type for what it has in " + folder);
        }
        documents.keySet().forEach(name -> checkName(name, type, false));
        more.keySet().forEach(name -> checkName(name, typeOfMore, true));
        JsonNode own = typeInfo(documents, type);
        JsonNode outranking = typeInfo(more, typeOfMore);
        if (augmented && isModule(augmentedType) && outranking.isMissingNode()) {
            throw new IllegalArgumentException("the augmented header has no " + folder + TYPE_INFO);
        }
        take(own, outranking);
        checkMetaData(metaData(documents), metaData(more));
        if (format == 2 && isRootfs(type)) {
            checkFiles(documents);
        }
        boolean unread = format == 2 && isRootfs(type);
        return new Payload(
                new Type(type, unread ? type : own.path("type").asText("")),
                augmented ? new Type(augmentedType, outranking.path("type").asText("")) : Type.NONE);
    }

    Map<String, List<String>> depends() {
        return depends;
    }

    Map<String, String> provides() {
        return provides;
    }

    private static boolean isRootfs(String type) {
        return type.equals(ArtifactHeader.ROOTFS_IMAGE);
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
        if (!known) {
            String payload = ofType.isEmpty() ? "an empty payload" : "a payload of type " + ofType;
            throw new IllegalArgumentException(folder + name + " belongs into no header of " + payload);
        }
    }

    /** {@return the document {@code type-info}, missing where there is none or the reader passes it over} */
    private JsonNode typeInfo(Map<String, String> documents, String ofType) {
        if (!documents.containsKey(TYPE_INFO) || format == 2 && isRootfs(ofType)) {
            return MissingNode.getInstance();
        }
        String what = folder + TYPE_INFO;
        JsonNode info = HeaderDocuments.object(what, Json.parse(documents.get(TYPE_INFO)));
        if (info.isMissingNode() || info.isNull() && !isRootfs(ofType)) {
            throw new IllegalArgumentException(what + " is empty");
        }
        HeaderDocuments.text("type", info.path("type"));
        HeaderDocuments.texts("clears_artifact_provides", info.path("clears_artifact_provides"));
        HeaderDocuments.object(DEPENDS, info.path(DEPENDS))
                .properties()
                .forEach(depend -> values(depend.getKey(), depend.getValue()));
        HeaderDocuments.object(PROVIDES, info.path(PROVIDES))
                .properties()
                .forEach(provide -> value(provide.getKey(), provide.getValue()));
        return info.isNull() ? MissingNode.getInstance() : info;
    }

    /** An augmented root file system has what its own header says and nothing else; that of a module is laid over the other. */
    private void take(JsonNode own, JsonNode outranking) {
        if (format == 2) {
            return;
        }
        boolean both = isModule(augmentedType) && !type.isEmpty();
        if (both && !fits(own.path(DEPENDS), outranking.path(DEPENDS))) {
            throw new IllegalArgumentException(DEPENDS + " of header and augmented header do not fit together");
        }
        boolean ownCounts = both || augmentedType.isEmpty() && outranking.isMissingNode();
        for (JsonNode info : ownCounts ? List.of(own, outranking) : List.of(outranking)) {
            info.path(DEPENDS)
                    .properties()
                    .forEach(depend -> depends.put(depend.getKey(), values(depend.getKey(), depend.getValue())));
            info.path(PROVIDES)
                    .properties()
                    .forEach(provide ->
                            provides.put(provide.getKey(), provide.getValue().asText()));
        }
        depends.forEach((key, values) -> {
            if (values.isEmpty()) {
                throw new IllegalArgumentException(key + " has no value that would do");
            }
        });
    }

    private static List<String> values(String key, JsonNode node) {
        return node.isArray()
                ? Json.elements(node).stream()
                        .map(element -> value(key, element))
                        .toList()
                : List.of(value(key, node));
    }

    private static String value(String key, JsonNode node) {
        if (!node.isTextual()) {
            throw new IllegalArgumentException(key + " is no text");
        }
        return node.asText();
    }

    /** {@return the document {@code meta-data}, missing where there is none} */
    private JsonNode metaData(Map<String, String> documents) {
        JsonNode metaData = Json.parse(documents.getOrDefault(META_DATA, ""));
        if (!metaData.isObject() && !metaData.isMissingNode()) {
            throw new IllegalArgumentException(folder + META_DATA + " is no object");
        }
        return metaData;
    }

    private void checkMetaData(JsonNode own, JsonNode outranking) {
        if (augmentedType.isEmpty() && outranking.isObject() || isModule(augmentedType) && !fits(own, outranking)) {
            throw new IllegalArgumentException(META_DATA + " of header and augmented header do not fit together");
        }
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
        HeaderDocuments.knowsOnly(files, "files", List.of("files"));
        List<String> names = HeaderDocuments.texts("files", files.path("files"));
        if (names.size() != 1 || names.get(0).isEmpty()) {
            throw new IllegalArgumentException(folder + "files does not name one file");
        }
    }
}
