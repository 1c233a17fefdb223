package io.jenkins.plugins.mender.upload;

import io.jenkins.plugins.mender.artifact.ArtifactParts;
import io.jenkins.plugins.mender.simulator.ArtifactBuilder;
import java.io.IOException;

/** Artifacts at the border of what Mender Server 4.1.3 takes, and all kinds that tools write. */
enum AcceptedArtifact {
    AUGMENTED(() -> recorded("augmented")),
    BOOTSTRAP(() -> recorded("bootstrap")),
    DELTA(() -> recorded("delta")),
    EVERYTHING(() -> recorded("everything")),
    FORMAT_2(() -> recorded("format-2")),
    NO_FILES(() -> recorded("no-files")),
    SCRIPTS(() -> recorded("scripts")),
    SIGNED_WITH_MENDER_ARTIFACT_3_9(
            "has a payload of type rootfs-image whose type-info names no type. Mender Servers take that,"
                    + " mender-artifact from 4.4 on does not. Write and sign it with 4.3.1 or newer.",
            () -> recorded("signed")),
    UNICODE_NAME(() -> recorded("unicode-name")),
    ZSTD(() -> recorded("zstd")),

    NAME_OF_256_BYTES(() -> parts(new ArtifactBuilder("n".repeat(256), "a"))),
    NAME_OF_85_CHARACTERS_AND_255_BYTES(() -> parts(new ArtifactBuilder("日".repeat(85), "a"))),
    NAME_OF_ALL_SORTS(
            () -> parts(new ArtifactBuilder(" Ä é e\u0301 ١ 🚀 ❤\ufe0f € ½ « \ufffd\u2026", "Gerät ß", "設備"))),
    HALF_A_CHARACTER(() -> info("\"r1\"", "\"r\\ud800\"")),
    FILE_NAMES(() -> parts(builder().file("A-Z_a-z,0.9", "x").file("...", "x").file("-", "x"))),
    LONG_FILE_NAME(() -> parts(builder().file("n".repeat(300), "x"))),
    MANY_FILES(() -> parts(many(600))),
    EMPTY_FILE(() -> parts(builder().file("empty", ""))),
    DEVICE_TYPES_AT_THE_LIMIT(() -> parts(builder(RefusedArtifact.numbered("d", 200)))),
    COMBINATIONS_AT_THE_LIMIT(() -> parts(
            builder(RefusedArtifact.numbered("d", 32)).depends("artifact_name", RefusedArtifact.numbered("n", 32)))),
    INVISIBLE_CHARACTERS_ELSEWHERE(() -> typeInfo("{\"type\":\"single-file\",\"artifact_provides\":{\"k\":\"a\\tb\"},"
            + "\"artifact_depends\":{\"k\":[\"\u200b\"]}}")),
    UNKNOWN_PROPERTIES_THAT_ARE_PASSED_OVER(() -> info("{\"device_type\"", "{\"more\":1,\"device_type\"")
            .document("header.tar", "headers/0000/type-info", old -> "{\"type\":\"single-file\",\"more\":{}}")),
    PROPERTIES_THAT_ARE_NULL(() -> info(
                    "{\"device_type\"", "{\"artifact_group\":null,\"artifact_name\":[],\"device_type\"")
            .document(
                    "header.tar",
                    "headers/0000/type-info",
                    old -> "{\"type\":\"single-file\",\"artifact_depends\":null,\"clears_artifact_provides\":null}")),
    NO_META_DATA(() -> parts(builder()).document("header.tar", "headers/0000/meta-data", old -> null)),
    EMPTY_META_DATA(() -> parts(builder()).document("header.tar", "headers/0000/meta-data", old -> "")),
    LARGE_META_DATA(() -> parts(builder())
            .document("header.tar", "headers/0000/meta-data", old -> "{\"a\":\"" + "x".repeat(400_000) + "\"}")),
    AUGMENTED_ROOTFS(() -> parts(builder().type("rootfs-image").augmented("rootfs-image"))),
    EMPTY_PAYLOAD(() -> parts(builder().type(null))),
    FORMAT_2_WITH_A_TYPE_INFO_THAT_IS_NOT_READ(() -> parts(builder().format(2).type("rootfs-image"))
            .document("header.tar", "headers/0000/type-info", old -> "none")),
    FORMAT_2_MANIFEST_WITH_LINE_BREAKS_OF_WINDOWS(() -> {
        ArtifactParts parts = parts(builder().format(2).type("rootfs-image"));
        return parts.replace("manifest", parts.text("manifest").replace("\n", "\r\n"));
    }),

    TYPE_INFO_OF_ANOTHER_TYPE(
            "has a payload of type single-file whose type-info names another one, rootfs-image. Mender Servers take"
                    + " that, mender-artifact from 4.4 on does not.",
            () -> typeInfo("{\"type\":\"rootfs-image\"}")),
    TYPE_INFO_WITHOUT_A_TYPE(
            "has a payload of type single-file whose type-info names no type. Mender Servers take that, mender-artifact"
                    + " from 4.4 on does not.",
            () -> typeInfo("{}"));

    /** What the log warns of; empty when it does not. */
    final String warning;

    private final Recipe recipe;

    private interface Recipe {
        ArtifactParts make() throws IOException;
    }

    AcceptedArtifact(Recipe recipe) {
        this("", recipe);
    }

    AcceptedArtifact(String warning, Recipe recipe) {
        this.warning = warning;
        this.recipe = recipe;
    }

    byte[] bytes() throws IOException {
        return recipe.make().bytes();
    }

    private static ArtifactParts recorded(String name) throws IOException {
        return ArtifactParts.of(ArtifactParts.recorded(name));
    }

    private static ArtifactBuilder builder(String... deviceTypes) {
        return new ArtifactBuilder("r1", deviceTypes.length == 0 ? new String[] {"a"} : deviceTypes);
    }

    private static ArtifactParts parts(ArtifactBuilder builder) throws IOException {
        return ArtifactParts.of(builder);
    }

    private static ArtifactBuilder many(int files) {
        ArtifactBuilder builder = builder();
        for (int i = 0; i < files; i++) {
            builder.file("file-" + i, "x");
        }
        return builder;
    }

    private static ArtifactParts info(String old, String changed) throws IOException {
        return parts(builder()).document("header.tar", "header-info", info -> info.replace(old, changed));
    }

    private static ArtifactParts typeInfo(String document) throws IOException {
        return parts(builder()).document("header.tar", "headers/0000/type-info", old -> document);
    }
}
