package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * The meta-data of a payload, equal to another one that says the same, however it is written. Servers take numbers for
 * floating-point ones, and list an object also, before 4.1 only, as {@code [{"Key": …, "Value": …}, …]} (mender-server,
 * {@code model/update.go}).
 *
 * @param value its content in the one form that all ways to write it come to
 */
public record MetaData(JsonNode value) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String KEY = "Key";
    private static final String VALUE = "Value";

    /**
     * Reads the document of an Artifact's header.
     *
     * @param document the text of {@code meta-data}; empty when the payload has none. What is no JSON counts as it is.
     * @return what it says
     */
    public static MetaData of(String document) {
        try {
            return new MetaData(plain(Json.parse(document)));
        } catch (IllegalArgumentException e) {
            return new MetaData(TextNode.valueOf(document));
        }
    }

    /** Takes what a server lists with a payload. */
    static MetaData listed(JsonNode update) {
        return new MetaData(plain(update.has("metadata") ? update.path("metadata") : update.path("meta_data")));
    }

    /** {@return the one form} Nothing, an empty object and an empty list are the same: servers leave out all three. */
    private static JsonNode plain(JsonNode node) {
        if (node.isNumber()) {
            return DoubleNode.valueOf(node.asDouble());
        }
        if (node.isMissingNode() || node.isNull()) {
            return NODES.arrayNode();
        }
        if (!node.isContainerNode()) {
            return node;
        }
        ObjectNode object = NODES.objectNode();
        ArrayNode list = NODES.arrayNode();
        if (node.isObject()) {
            node.properties().forEach(e -> object.set(e.getKey(), plain(e.getValue())));
        } else if (isListOfPairs(node)) {
            node.forEach(pair -> object.set(pair.path(KEY).asText(), plain(pair.path(VALUE))));
        } else {
            node.forEach(element -> list.add(plain(element)));
        }
        return object.isEmpty() ? list : object;
    }

    private static boolean isListOfPairs(JsonNode list) {
        for (JsonNode element : list) {
            if (element.size() != 2 || !element.path(KEY).isTextual() || !element.has(VALUE)) {
                return false;
            }
        }
        return true;
    }

    /** Says that it is meta-data, and not which: it can be long. */
    @Override
    public String toString() {
        return "meta-data";
    }
}
