package io.jenkins.plugins.mender.api;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents are read as Jackson itself reads them, and what is no document is not. */
class JsonTest {

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
                 "updates": [{"type_info": {"type": null}, "files": [{"name": "image", "checksum": "ab", "size": 6,
                 "date": null}], "meta": {}}], "artifact_provides": {"artifact_name": "release-1"}}""");
        assertThat(
                Artifact.of(artifact),
                is(new Artifact(
                        "1",
                        "release-1",
                        List.of("qemu"),
                        7,
                        "",
                        Optional.of(true),
                        List.of(new Artifact.Update("", List.of(new Artifact.File("image", "ab", 6)), MetaData.of(""))),
                        null,
                        Optional.of(Map.of("artifact_name", "release-1")),
                        List.of(),
                        true)));
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
