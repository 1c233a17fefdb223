package io.jenkins.plugins.mender.api;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.mender.api.ArtifactHeader.Payload;
import io.jenkins.plugins.mender.api.ArtifactHeader.Type;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents of a header, good ones and those that no server takes. */
class ArtifactHeaderTest {
    private static final String VERSION = "{\"format\":\"mender\",\"version\":3}";
    private static final String INFO = "{\"payloads\":[{\"type\":\"rootfs-image\"}],"
            + "\"artifact_provides\":{\"artifact_name\":\"r1\"},\"artifact_depends\":{\"device_type\":[\"a\",\"b\"]}}";

    private static final String VERSION_2 = "{\"format\":\"mender\",\"version\":2}";
    private static final String INFO_2 = "{\"artifact_name\":\"r1\",\"updates\":[{\"type\":\"rootfs-image\"}],"
            + "\"device_types_compatible\":[\"a\"],\"more\":1}";
    private static final String FILES = "{\"files\":[\"rootfs.ext4\"]}";

    private static ArtifactHeader parse(String info, String... typeInfos) {
        return ArtifactHeader.parse(VERSION, info, "", documents(typeInfos), documents(new String[typeInfos.length]));
    }

    private static List<Map<String, String>> documents(String... typeInfos) {
        return Stream.of(typeInfos)
                .map(typeInfo -> typeInfo == null ? Map.<String, String>of() : Map.of("type-info", typeInfo))
                .toList();
    }

    private static String refused(String info, String... typeInfos) {
        return assertThrows(IllegalArgumentException.class, () -> parse(info, typeInfos))
                .getMessage();
    }

    @Test
    void formatTwoHasNameAndDevicesAtTheTop() {
        ArtifactHeader header = ArtifactHeader.parse(
                VERSION_2, INFO_2, "", List.of(Map.of("type-info", "not read", "files", FILES)), List.of(Map.of()));
        assertThat(
                header,
                is(new ArtifactHeader(
                        2,
                        "r1",
                        List.of(new Payload(new Type("rootfs-image", "rootfs-image"), Type.NONE)),
                        Map.of("device_type", List.of("a")),
                        Map.of("artifact_name", "r1"))));
    }

    @Test
    void dependsAreTextOrListsAndNothingIsNothing() {
        ArtifactHeader header = parse(
                "{\"payloads\":[{\"type\":null}],\"artifact_provides\":{\"artifact_name\":\"r1\",\"artifact_group\":null},"
                        + "\"artifact_depends\":{\"device_type\":[\"a\"],\"artifact_group\":[],\"artifact_name\":null,\"other\":\"1\"}}",
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
                documents("{\"artifact_depends\":{\"checksum\":\"old\",\"kept\":\"1\"}}"),
                documents("{\"artifact_depends\":{\"checksum\":\"new\"}}"));
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
            strings = {
                "{}",
                "null",
                "{\"artifact_provides\":null}",
                "{\"artifact_provides\":{\"artifact_group\":\"a\"}}"
            })
    void documentsWithoutAName(String document) {
        assertThat(refused(document), is("artifact_name is missing"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "3", "\"text\"", "[[[[]]]]", "{\"artifact_provides\":[\"artifact_name\"]}"})
    void documentsThatAreNoObjects(String document) {
        assertThat(refused(document), endsWith(" is no object"));
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
                "[\"a\",\"b\"] | \"a\" | device_type is no list",
                "[\"a\",\"b\"] | {\"a\":\"b\"} | device_type is no list",
                "\"payloads\" | \"other\" | other is unknown in header-info",
                "{\"type\":\"rootfs-image\"} | '' | header-info names 0 payloads, but there are 1",
            })
    void propertiesThatMakeNoSense(String good, String bad, String words) {
        assertThat(refused(INFO.replace(good, bad), "{}"), is(words));
    }

    @Test
    void aPropertyStandsInOnePlace() {
        assertThat(
                refused(INFO, "{\"artifact_depends\":{\"device_type\":\"a\"}}"),
                is("device_type stands in two places"));
        assertThat(
                refused(INFO, "{\"artifact_provides\":{\"artifact_name\":\"r2\"}}"),
                is("artifact_name stands in two places"));
    }

    @Test
    void nestingIsBoundedWithoutATraceInTheWords() {
        String nested = "[".repeat(200_000) + "]".repeat(200_000);
        assertThat(refused(nested), containsString("not a JSON document"));
        assertThat(refused(nested).length(), is(lessThan(200)));
        assertThat(refused("{\"a\":".repeat(200_000)), containsString("not a JSON document"));
    }
}
