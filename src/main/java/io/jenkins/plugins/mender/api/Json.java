package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.jenkins.plugins.mender.http.PlainText;
import io.jenkins.plugins.mender.http.Redaction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads JSON documents as trees, all of them with one mapper: to make one takes longer than anything else that is done with it. */
final class Json {
    /** Nothing that Mender writes nests as deep. */
    private static final int MAX_NESTING = 100;

    private static final JsonMapper MAPPER = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
            .build());

    private Json() {}

    /**
     * Reads a document.
     *
     * @param document the text
     * @return its tree; a missing node when there is nothing but white space
     * @throws IllegalArgumentException when it is not JSON
     */
    static JsonNode parse(String document) {
        try {
            return MAPPER.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a JSON document: " + PlainText.oneLine(document, 100), e);
        }
    }

    /** Reads a document as it came in an answer; see {@link #parse(String)}. */
    static JsonNode parse(byte[] document) {
        try {
            return MAPPER.readTree(document);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a JSON document", e);
        }
    }

    /** Reads a document as it came in an answer, and takes secrets out of what it says, decoded as that is then. */
    static JsonNode parse(byte[] document, Redaction redaction) {
        return redacted(parse(document), redaction);
    }

    private static JsonNode redacted(JsonNode node, Redaction redaction) {
        if (node.isTextual()) {
            String text = redaction.apply(node.textValue());
            return text.equals(node.textValue()) ? node : TextNode.valueOf(text);
        }
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, redacted(array.get(i), redaction));
            }
        } else if (node instanceof ObjectNode object) {
            ObjectNode clean = object.objectNode();
            object.properties().forEach(e -> clean.set(redaction.apply(e.getKey()), redacted(e.getValue(), redaction)));
            return clean;
        }
        return node;
    }

    /** {@return an object of texts and numbers as a document} */
    static String object(Map<String, ?> properties) {
        return MAPPER.valueToTree(properties).toString();
    }

    /**
     * Reads the first object of a list that breaks off somewhere.
     *
     * @param list the begin of the list
     * @param names the properties to take
     * @return the object with those of the properties that come before the break
     */
    static ObjectNode first(byte[] list, Set<String> names) {
        ObjectNode first = MAPPER.createObjectNode();
        try (JsonParser parser = MAPPER.createParser(list)) {
            if (parser.nextToken() == JsonToken.START_ARRAY && parser.nextToken() == JsonToken.START_OBJECT) {
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    parser.nextToken();
                    if (names.contains(name)) {
                        first.set(name, MAPPER.<JsonNode>readTree(parser));
                    } else {
                        parser.skipChildren();
                    }
                }
            }
        } catch (IOException e) {
            // here it breaks off
        }
        return first;
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
