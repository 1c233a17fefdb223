package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads JSON documents as trees. Jackson's parser and tree do it without its {@code ObjectMapper}: that one takes a third of
 * the time of a JVM's first upload, for documents of a few lines.
 */
final class Json {
    /** Nothing that Mender writes nests as deep. */
    private static final int MAX_NESTING = 100;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
            .build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    /**
     * Reads a document.
     *
     * @param document the text
     * @return its tree; a missing node when there is nothing but white space
     * @throws IllegalArgumentException when it is not JSON
     */
    static JsonNode parse(String document) {
        try (JsonParser parser = FACTORY.createParser(document)) {
            return parser.nextToken() == null ? NODES.missingNode() : value(parser);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a JSON document: " + PlainText.oneLine(document, 100), e);
        }
    }

    private static JsonNode value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? NODES.numberNode(parser.getBigIntegerValue())
                        : NODES.numberNode(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    private static ObjectNode object(JsonParser parser) throws IOException {
        ObjectNode object = NODES.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            object.set(name, value(parser));
        }
        return object;
    }

    private static ArrayNode array(JsonParser parser) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }

    /**
     * Takes the elements out of a list.
     *
     * @param array the list; missing or null is as good as an empty one
     * @return its elements
     * @throws IllegalArgumentException when it is something else
     */
    static List<JsonNode> elements(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        if (array.isArray()) {
            array.forEach(elements::add);
        } else if (!array.isMissingNode() && !array.isNull()) {
            throw new IllegalArgumentException("not a list");
        }
        return elements;
    }

    /**
     * Takes a text.
     *
     * @param value a text, number or truth value
     * @return it as a text; null when it is null or missing
     * @throws IllegalArgumentException when it is an object or a list
     */
    static String text(JsonNode value) {
        if (value.isContainerNode()) {
            throw new IllegalArgumentException("not a text");
        }
        return value.isMissingNode() || value.isNull() ? null : value.asText();
    }

    /** {@return the texts of a list} Throws {@link IllegalArgumentException} for other elements. */
    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : elements(array)) {
            if (!element.isTextual()) {
                throw new IllegalArgumentException("not a text");
            }
            texts.add(element.asText());
        }
        return texts;
    }

    /** {@return an object} Throws {@link IllegalArgumentException} for everything else. */
    static JsonNode object(JsonNode value) {
        if (!value.isObject()) {
            throw new IllegalArgumentException("not an object");
        }
        return value;
    }
}
