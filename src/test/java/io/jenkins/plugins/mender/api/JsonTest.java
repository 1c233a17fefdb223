package io.jenkins.plugins.mender.api;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents are read as Jackson itself reads them, and what is no document is not. */
class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                " \"text with \\u00fc and \\n\" ",
                "{\"a\": [1, -2, 3.5, 1e3, true, false, null, {\"b\": []}], \"c\": {\"d\": {}}}",
                "{\"seconds\": 4102444800, \"more than a long holds\": 123456789012345678901234567890}",
                "{\"twice\": 1, \"twice\": 2}"
            })
    void aDocumentIsReadAsJacksonReadsIt(String document) throws Exception {
        assertThat(
                Json.parse(document).toString(),
                is(new ObjectMapper().readTree(document).toString()));
    }

    @Test
    void nothingIsNoDocument() {
        assertThat(Json.parse(" \n").isMissingNode(), is(true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[1,", "{\"a\"}", "{\"a\": }", "<html>", "nul", "{\"a\": NaN}", "'a'"})
    void whatIsNotJsonIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Json.parse(text));
    }

    @Test
    void whatNestsTooDeepIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Json.parse("[".repeat(100_000)));
        assertThrows(IllegalArgumentException.class, () -> Json.parse("{\"a\":".repeat(100_000)));
    }

    @Test
    void aServersArtifactIsReadAndOtherThingsInItsPlaceAreRefused() {
        JsonNode artifact = Json.parse("""
                {"id": "1", "name": "release-1", "device_types_compatible": ["qemu"], "size": 7, "signed": true,
                 "updates": [{"files": [{"name": "image", "checksum": "ab", "size": 6, "date": null}], "meta": {}}]}""");
        assertThat(
                Artifact.of(artifact),
                is(new Artifact(
                        "1",
                        "release-1",
                        List.of("qemu"),
                        7,
                        "",
                        List.of(new Artifact.Update(List.of(new Artifact.File("image", "ab", 6)))),
                        null)));
        for (String other : List.of(
                "null",
                "[]",
                "\"release-1\"",
                "{\"name\": {}}",
                "{\"updates\": {}}",
                "{\"updates\": [1]}",
                "{\"device_types_compatible\": [null]}")) {
            assertThrows(IllegalArgumentException.class, () -> Artifact.of(Json.parse(other)));
        }
    }
}
