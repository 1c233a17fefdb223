package io.jenkins.plugins.mender.api;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents of a header, good ones and those that no server takes. */
class ArtifactHeaderTest {
    private static final String VERSION = "{\"format\":\"mender\",\"version\":3}";
    private static final String INFO = "{\"payloads\":[{\"type\":\"rootfs-image\"}],"
            + "\"artifact_provides\":{\"artifact_name\":\"r1\"},\"artifact_depends\":{\"device_type\":[\"a\",\"b\"]}}";

    private static ArtifactHeader parse(String info, String... typeInfos) {
        return ArtifactHeader.parse(VERSION, info, List.of(typeInfos));
    }

    private static String refused(String info, String... typeInfos) {
        return assertThrows(IllegalArgumentException.class, () -> parse(info, typeInfos))
                .getMessage();
    }

    @Test
    void formatTwoHasNameAndDevicesAtTheTop() {
        ArtifactHeader header = ArtifactHeader.parse(
                "{\"format\":\"mender\",\"version\":2}",
                "{\"artifact_name\":\"r1\",\"updates\":[{\"type\":\"rootfs-image\"}],\"device_types_compatible\":[\"a\"]}",
                List.of("{\"type\":\"rootfs-image\"}"));
        assertThat(
                header,
                is(new ArtifactHeader(
                        2,
                        "r1",
                        List.of("rootfs-image"),
                        Map.of("device_type", List.of("a")),
                        Map.of("artifact_name", "r1"))));
    }

    @Test
    void dependsAreTextOrListsAndNothingIsNothing() {
        ArtifactHeader header = parse(
                "{\"payloads\":[{\"type\":null}],\"artifact_provides\":{\"artifact_name\":\"r1\",\"artifact_group\":null},"
                        + "\"artifact_depends\":{\"device_type\":\"a\",\"artifact_group\":[],\"artifact_name\":null}}",
                "{\"type\":null,\"artifact_depends\":{\"one\":\"1\",\"two\":[\"1\",\"2\"]}}");
        assertThat(
                header.depends(),
                is(Map.of("device_type", List.of("a"), "one", List.of("1"), "two", List.of("1", "2"))));
        assertThat(header.provides(), is(Map.of("artifact_name", "r1")));
        assertThat(header.payloadTypes(), is(List.of("")));
    }

    @Test
    void whatIsAugmentedOutranks() {
        ArtifactHeader header = ArtifactHeader.parse(
                VERSION,
                INFO,
                "{\"payloads\":[{\"type\":\"delta\"}]}",
                List.of("{\"artifact_depends\":{\"checksum\":\"old\",\"kept\":\"1\"}}"),
                List.of("{\"artifact_depends\":{\"checksum\":\"new\"}}"));
        assertThat(header.payloadTypes(), is(List.of("delta")));
        assertThat(header.depends().get("checksum"), is(List.of("new")));
        assertThat(header.depends().get("kept"), is(List.of("1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"payloads\":", "\u0000", "not JSON", "{'a':1}", "{\"a\":1,}"})
    void whatIsNoJson(String document) {
        assertThat(refused(document), containsString("not a JSON document"));
        assertThat(refused(INFO, document), containsString("not a JSON document"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "[]", "null", "3", "\"text\"", "[[[[]]]]", "{\"artifact_provides\":[\"artifact_name\"]}"})
    void documentsWithoutAName(String document) {
        assertThat(refused(document), is("artifact_name is missing"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"r1\" | \"\" | artifact_name is missing",
                "\"r1\" | null | artifact_name is missing",
                "\"r1\" | {\"a\":1} | artifact_name is no text",
                "\"r1\" | 17 | artifact_name is no text",
                "[\"a\",\"b\"] | [] | device_type is missing",
                "[\"a\",\"b\"] | null | device_type is missing",
                "[\"a\",\"b\"] | [[\"a\"]] | device_type is no text",
                "[\"a\",\"b\"] | {\"a\":\"b\"} | device_type is no text",
                "\"payloads\" | \"other\" | header-info names 0 payloads, but there are 1",
            })
    void propertiesThatMakeNoSense(String good, String bad, String words) {
        assertThat(refused(INFO.replace(good, bad), "{}"), is(words));
    }

    @Test
    void aPropertyStandsInOnePlace() {
        assertThat(
                refused(INFO, "{\"artifact_depends\":{\"device_type\":\"a\"}}"),
                is("device_type stands in both header-info and type-info"));
        assertThat(
                refused(INFO, "{\"artifact_provides\":{\"artifact_name\":\"r2\"}}"),
                is("artifact_name stands in both header-info and type-info"));
    }

    @Test
    void nestingIsBoundedWithoutATraceInTheWords() {
        String nested = "[".repeat(200_000) + "]".repeat(200_000);
        assertThat(refused(nested), containsString("not a JSON document"));
        assertThat(refused(nested).length(), is(lessThan(200)));
        assertThat(refused("{\"a\":".repeat(200_000)), containsString("not a JSON document"));
    }
}
