package io.jenkins.plugins.mender.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an {@link ArtifactBuilder} writes into the headers. */
final class ArtifactDocuments {
    final String name;
    final Map<String, List<String>> depends = new TreeMap<>();
    final Map<String, String> payloadDepends = new TreeMap<>();
    final Map<String, String> scripts = new LinkedHashMap<>();
    final Map<String, String> provides = new TreeMap<>();
    final List<String> clears = new ArrayList<>();
    int format = 3;
    String type = "single-file";
    String augmentedType = "";
    String metaData = "{}";

    ArtifactDocuments(String name, String... deviceTypes) {
        this.name = name;
        depends.put("device_type", List.of(deviceTypes));
    }

    byte[] version() {
        return text(Json.object("format", "mender", "version", format));
    }

    /** {@return the tar {@code header.tar}, not compressed} */
    byte[] header(Iterable<String> files) throws IOException {
        Map<String, byte[]> header = new LinkedHashMap<>();
        header.put("header-info", text(format < 3 ? infoOfFormat2() : info(type)));
        scripts.forEach((script, content) -> header.put("scripts/" + script, content.getBytes(StandardCharsets.UTF_8)));
        if (format < 3) {
            header.put("headers/0000/files", text(Json.object("files", files)));
        }
        header.put("headers/0000/type-info", text(typeInfo(type, augmentedType.isEmpty())));
        if (type != null) {
            header.put("headers/0000/meta-data", metaData.getBytes(StandardCharsets.UTF_8));
        }
        return InnerArchive.tar(header);
    }

    /** {@return the tar {@code header-augment.tar}, not compressed; the depends of the payload are in it} */
    byte[] augmentedHeader() throws IOException {
        Map<String, byte[]> header = new LinkedHashMap<>();
        header.put("header-info", text(info(augmentedType)));
        header.put("headers/0000/type-info", text(typeInfo(augmentedType, true)));
        return InnerArchive.tar(header);
    }

    private ObjectNode info(String payloadType) {
        ObjectNode info = Json.object("payloads", List.of(Json.object("type", payloadType)));
        info.set("artifact_provides", Json.object("artifact_name", name));
        info.set("artifact_depends", Json.MAPPER.valueToTree(depends));
        return info;
    }

    private ObjectNode infoOfFormat2() {
        return Json.object(
                "artifact_name",
                name,
                "updates",
                List.of(Json.object("type", type)),
                "device_types_compatible",
                depends.get("device_type"));
    }

    private ObjectNode typeInfo(String payloadType, boolean withDepends) {
        ObjectNode info = Json.object("type", payloadType);
        if (withDepends && !payloadDepends.isEmpty()) {
            info.set("artifact_depends", Json.MAPPER.valueToTree(payloadDepends));
        }
        if (withDepends && !provides.isEmpty()) {
            info.set("artifact_provides", Json.MAPPER.valueToTree(provides));
        }
        if (withDepends && !clears.isEmpty()) {
            info.set("clears_artifact_provides", Json.MAPPER.valueToTree(clears));
        }
        return info;
    }

    private static byte[] text(ObjectNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
