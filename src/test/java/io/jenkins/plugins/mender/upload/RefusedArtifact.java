package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.artifact.ArtifactParts;
import io.jenkins.plugins.mender.artifact.Compression;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import java.io.IOException;
import java.util.stream.IntStream;

/** Artifacts that mender-artifact or another tool can write, and Mender Server 4.1.3 refuses; each breaks one rule. */
enum RefusedArtifact {
    FILE_NAME_WITH_PLUS(
            "its payload file 'app_1.0+deb12u1~rc1.deb' has a name that Mender Servers refuse. They take the letters A"
                    + " to Z and a to z, digits, and the characters . , _ and -.",
            () -> parts(builder().file("app_1.0+deb12u1~rc1.deb", "x"))),
    FILE_NAME_WITH_BLANK(
            "its payload file 'my app.bin' has a name", () -> parts(builder().file("my app.bin", "x"))),
    FILE_NAME_WITH_UMLAUT(
            "its payload file 'ä.bin' has a name", () -> parts(builder().file("ä.bin", "x"))),
    SECOND_FILE_NAME(
            "its payload file 'b c' has a name",
            () -> parts(builder().file("a", "x").file("b c", "x"))),
    AUGMENTED_FILE_NAME(
            "its payload file 'd+' has a name",
            () -> parts(builder().file("d+", "x").augmented("delta"))),

    NAME_OF_257_BYTES(
            "its artifact_name 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn…' has 257 bytes, and Mender Servers take at"
                    + " most 256.",
            () -> parts(new ArtifactBuilder("n".repeat(257), "a"))),
    NAME_OF_86_CHARACTERS_AND_258_BYTES("has 258 bytes", () -> parts(new ArtifactBuilder("日".repeat(86), "a"))),
    NAME_WITH_TAB(
            "its artifact_name 'release 1' has the character U+0009, and Mender Servers take visible characters and"
                    + " blanks.",
            () -> parts(new ArtifactBuilder("release\t1", "a"))),
    NAME_WITH_LINE_BREAK("has the character U+000A", () -> parts(new ArtifactBuilder("release-1\n", "a"))),
    NAME_WITH_ZERO_WIDTH_SPACE("has the character U+200B", () -> parts(new ArtifactBuilder("release\u200b1", "a"))),
    NAME_WITH_NO_BREAK_SPACE("has the character U+00A0", () -> parts(new ArtifactBuilder("release\u00a01", "a"))),
    NAME_WITH_PRIVATE_CHARACTER("has the character U+E000", () -> parts(new ArtifactBuilder("release\ue000", "a"))),
    NAME_OF_FORMAT_2(
            "has the character U+0007",
            () -> parts(new ArtifactBuilder("\u0007", "a").format(2).type("rootfs-image"))),
    DEVICE_TYPE_WITH_TAB("its device_type 'b c' has the character U+0009", () -> parts(builder("a", "b\tc"))),
    DEVICE_TYPE_TOO_LONG("its device_type 'dddddddddddd", () -> parts(builder("d".repeat(257)))),
    GROUP_THAT_IT_DEPENDS_ON(
            "its artifact_group 'x y' has the character U+2028",
            () -> parts(builder().depends("artifact_group", "x\u2028y"))),
    NAME_THAT_IT_DEPENDS_ON(
            "its artifact_name 'x?' has the character U+202E",
            () -> parts(builder().depends("artifact_name", "x\u202e"))),
    GROUP_THAT_IT_PROVIDES(
            "its artifact_group 'edge?' has the character U+00AD",
            () -> info("\"artifact_name\":\"r1\"", "\"artifact_name\":\"r1\",\"artifact_group\":\"edge\\u00ad\"")),

    TOO_MANY_DEVICE_TYPES(
            "it is for 201 device types, and Mender Servers take at most 200.",
            () -> parts(builder(numbered("d", 201)))),
    TOO_MANY_COMBINATIONS(
            "its depends have more than 1024 combinations, which is the most that Mender Servers take.",
            () -> parts(builder(numbered("d", 41)).depends("artifact_name", numbered("n", 25)))),
    DEPENDS_WITHOUT_A_VALUE(
            "kernel has no value that would do",
            () -> typeInfo("{\"type\":\"single-file\",\"artifact_depends\":{\"kernel\":[]}}")),

    ROOTFS_OF_TWO_FILES(
            "its payload of type rootfs-image has 2 files, and Mender Servers take one.",
            () -> parts(builder().type("rootfs-image").file("a", "x").file("b", "y"))),
    FILE_IN_AN_EMPTY_PAYLOAD(
            "it has the payload file 'payload.bin' where Mender Servers take none.",
            () -> info("\"single-file\"", "null")
                    .document("header.tar", "headers/0000/type-info", old -> "{\"type\":null}")
                    .document("header.tar", "headers/0000/meta-data", old -> null)),
    FORMAT_2_MODULE(
            "headers/0000/files belongs into no header of a payload of type single-file",
            () -> parts(builder().format(2))),
    AUGMENTED_FILE_OF_A_PAYLOAD_THAT_IS_NOT(
            "the augmented header has no type for what it has in headers/0000/",
            () -> parts(builder().augmented("delta"))
                    .document("header-augment.tar", "header-info", old -> old.replace("\"delta\"", "\"\""))),
    AUGMENTED_ZSTD(
            "its augmented header is compressed with zstd, and Mender Servers read none such.",
            () -> parts(builder().augmented("delta").compressed(Compression.ZSTD, Compression.ZSTD))),

    UNKNOWN_PROPERTY("more is unknown in header-info", () -> info("{\"payloads\"", "{\"more\":1,\"payloads\"")),
    UNKNOWN_PROVIDES(
            "version is unknown in artifact_provides",
            () -> info("\"artifact_name\":\"r1\"", "\"artifact_name\":\"r1\",\"version\":\"1\"")),
    DEVICE_TYPE_THAT_IS_NO_LIST("device_type is no list", () -> info("[\"a\"]", "\"a\"")),
    EMPTY_TYPE("header-info has a payload without a type", () -> info("\"single-file\"", "\"\"")),
    TYPE_INFO_THAT_IS_NULL("headers/0000/type-info is empty", () -> typeInfo("null")),
    PROVIDES_NO_TEXT(
            "kernel is no text", () -> typeInfo("{\"type\":\"single-file\",\"artifact_provides\":{\"kernel\":6}}")),
    META_DATA_THAT_IS_A_LIST(
            "headers/0000/meta-data is no object",
            () -> parts(builder()).document("header.tar", "headers/0000/meta-data", old -> "[]")),
    FOREIGN_FILE_IN_THE_HEADER(
            "headers/0000/notes belongs into no header of a payload of type single-file",
            () -> parts(builder()).document("header.tar", "headers/0000/notes", old -> "x")),
    META_DATA_OF_AN_EMPTY_PAYLOAD(
            "headers/0000/meta-data belongs into no header of an empty payload",
            () -> parts(builder().type(null)).document("header.tar", "headers/0000/meta-data", old -> "{}")),
    META_DATA_THAT_CANNOT_BE_LAID_OVER(
            "meta-data of header and augmented header do not fit together",
            () -> parts(builder().augmented("delta"))
                    .document("header.tar", "headers/0000/meta-data", old -> "{\"a\":{\"b\":1}}")
                    .document("header-augment.tar", "headers/0000/meta-data", old -> "{\"a\":{\"b\":[]}}")),
    FORMAT_2_WITHOUT_ITS_FILE(
            "headers/0000/files does not name one file",
            () -> parts(builder().format(2).type("rootfs-image"))
                    .document("header.tar", "headers/0000/files", old -> "{\"files\":[]}")),

    MANIFEST_WITHOUT_LAST_LINE_BREAK("its last line has no line break", () -> {
        ArtifactParts parts = parts(builder());
        return parts.replace("manifest", parts.text("manifest").stripTrailing());
    }),
    MANIFEST_WITH_LINE_BREAKS_OF_WINDOWS("line 1 ends in white space", () -> {
        ArtifactParts parts = parts(builder());
        return parts.replace("manifest", parts.text("manifest").replace("\n", "\r\n"));
    });

    /** What the log says before anything is sent. */
    final String words;

    private final Recipe recipe;

    private interface Recipe {
        ArtifactParts make() throws IOException;
    }

    RefusedArtifact(String words, Recipe recipe) {
        this.words = words;
        this.recipe = recipe;
    }

    byte[] bytes() throws IOException {
        return recipe.make().bytes();
    }

    private static ArtifactBuilder builder(String... deviceTypes) {
        return new ArtifactBuilder("r1", deviceTypes.length == 0 ? new String[] {"a"} : deviceTypes);
    }

    private static ArtifactParts parts(ArtifactBuilder builder) throws IOException {
        return ArtifactParts.of(builder);
    }

    private static ArtifactParts info(String good, String bad) throws IOException {
        return parts(builder()).document("header.tar", "header-info", old -> old.replace(good, bad));
    }

    private static ArtifactParts typeInfo(String document) throws IOException {
        return parts(builder()).document("header.tar", "headers/0000/type-info", old -> document);
    }

    static String[] numbered(String name, int number) {
        return IntStream.range(0, number).mapToObj(i -> name + i).toArray(String[]::new);
    }
}
