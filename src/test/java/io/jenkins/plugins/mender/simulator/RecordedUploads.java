package io.jenkins.plugins.mender.simulator;

import static io.jenkins.plugins.mender.simulator.ContractCase.reworded;
import static io.jenkins.plugins.mender.simulator.ContractCase.same;

import io.jenkins.plugins.mender.simulator.ContractCase.Expected;
import io.jenkins.plugins.mender.simulator.ContractCase.Request;
import io.jenkins.plugins.mender.simulator.ContractClient.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;

/** The recorded cases of uploads. */
final class RecordedUploads {
    private static final String READING = null;

    private RecordedUploads() {}

    static List<ContractCase> good() {
        List<ContractCase> cases = new ArrayList<>();
        for (String file : List.of(
                "rootfs-gzip",
                "rootfs-lzma",
                "rootfs-none",
                "module-two-devices",
                "unicode-name",
                "signed",
                "depends")) {
            cases.add(same(file + ": size, description, artifact", c -> sized(c, file, 0), 201));
        }
        cases.add(upload("only the artifact part", 201, null, f -> List.of(f)));
        cases.add(upload("unknown part before the artifact", 201, null, f -> List.of(Part.text("unknown", "x"), f)));
        cases.add(upload("artifact first, then a wrong size", 201, null, f -> List.of(f, Part.text("size", "1"))));
        cases.add(upload("two artifact parts", 201, null, f -> List.of(f, f)));
        cases.add(upload("size negative", 201, null, f -> List.of(Part.text("size", "-1"), f)));
        cases.add(upload("size 0", 201, null, f -> List.of(Part.text("size", "0"), f)));
        cases.add(upload(
                "description of 4096 characters",
                201,
                null,
                f -> List.of(Part.text("description", "d".repeat(4096)), f)));
        cases.add(same(
                "chunked upload",
                c -> c.upload(new ByteArrayEntity(
                        multipartBytes(c.artifact("rootfs-gzip")), contentType("multipart/form-data"), true)),
                201));
        return cases;
    }

    static List<ContractCase> refused() {
        return List.of(
                same(
                        "the very same artifact again",
                        c -> {
                            sized(c, "rootfs-gzip", 0);
                            return sized(c, "rootfs-gzip", 0);
                        },
                        409),
                same(
                        "artifact with 100 bytes of garbage after the tar end, again",
                        c -> {
                            sized(c, "rootfs-gzip", 0);
                            byte[] file = c.artifact("rootfs-gzip");
                            return c.upload(Part.artifact(Arrays.copyOf(file, file.length + 100)));
                        },
                        409),
                same("garbage file", c -> sized(c, "broken-garbage", 0), 400, READING),
                same("empty file", c -> sized(c, "broken-empty", 0), 400, READING),
                same("1000 zero bytes", c -> c.upload(Part.artifact(new byte[1000])), 400, READING),
                same("truncated", c -> sized(c, "broken-truncated", 0), 400, READING),
                same("one byte changed in the payload", c -> sized(c, "broken-payload-byte", 0), 400, READING),
                upload(
                        "no artifact part",
                        400,
                        "request does not contain the artifact file",
                        f -> List.of(Part.text("size", "1"))),
                upload(
                        "part name wrong",
                        400,
                        "request does not contain the artifact file",
                        f -> List.of(new Part("file", f.content(), "x"))),
                new ContractCase(
                        "size 10 too small",
                        c -> sized(c, "rootfs-gzip", -10),
                        new Expected(413, "Artifact file too large"),
                        new Expected(400, "read too many bytes"),
                        new Expected(400, "read too many bytes")),
                same("size 10 too large", c -> sized(c, "rootfs-gzip", 10), 400, "unexpected EOF"),
                upload(
                        "size not a number",
                        400,
                        "strconv.ParseInt: parsing \"abc\": invalid syntax",
                        f -> List.of(Part.text("size", "abc"), f)),
                upload(
                        "size over the limit",
                        400,
                        "Artifact file too large",
                        f -> List.of(Part.text("size", "10737418241"), f)),
                upload(
                        "description of 4097 characters",
                        500,
                        "internal error",
                        f -> List.of(Part.text("description", "d".repeat(4097)), f)),
                upload(
                        "artifact_id not a UUID",
                        400,
                        "artifact_id is not a valid UUID",
                        f -> List.of(Part.text("artifact_id", "x"), f)));
    }

    static List<ContractCase> malformed() {
        String oldType = "Bad Content-Type, expected 'multipart/form-data'";
        String newType = "Bad Content-Type, expected 'multipart/form-data', 'multipart/mixed'";
        return List.of(
                reworded(
                        "JSON instead of multipart",
                        c -> c.upload(new StringEntity("{}", ContentType.APPLICATION_JSON)),
                        415,
                        newType,
                        oldType),
                reworded(
                        "raw body",
                        c -> c.upload(new ByteArrayEntity(new byte[100], ContentType.APPLICATION_OCTET_STREAM)),
                        415,
                        newType,
                        oldType),
                same(
                        "multipart without boundary",
                        c -> c.upload(new ByteArrayEntity(new byte[100], ContentType.create("multipart/form-data"))),
                        400,
                        "no multipart boundary param in Content-Type"),
                same(
                        "POST without body",
                        c -> c.send("POST", RecordedCases.ARTIFACTS, "Bearer " + c.token, null),
                        400,
                        "request Content-Type isn't multipart/form-data"),
                same(
                        "no closing boundary, whole artifact",
                        c -> {
                            byte[] whole = multipartBytes(c.artifact("rootfs-gzip"));
                            byte[] cut = Arrays.copyOf(whole, whole.length - "\r\n--b--\r\n".length());
                            return c.upload(new ByteArrayEntity(cut, contentType("multipart/form-data")));
                        },
                        400,
                        "unexpected EOF"));
    }

    /** Chooses the parts around an Artifact. */
    @FunctionalInterface
    private interface Parts {
        List<Part> around(Part artifact);
    }

    private static ContractCase upload(String name, int status, String words, Parts parts) {
        Request request = c ->
                c.upload(parts.around(Part.artifact(c.artifact("rootfs-gzip"))).toArray(Part[]::new));
        return same(name, request, status, words);
    }

    static ContractClient.Answer sized(ContractClient client, String file, int off) throws IOException {
        byte[] content = client.artifact(file);
        return client.upload(
                Part.text("size", String.valueOf(content.length + off)),
                Part.text("description", "contract test ümläut"),
                Part.artifact(content));
    }

    private static ContentType contentType(String type) {
        return ContentType.parse(type + "; boundary=b");
    }

    private static byte[] multipartBytes(byte[] file) {
        byte[] head = "--b\r\nContent-Disposition: form-data; name=\"artifact\"; filename=\"x\"\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] tail = "\r\n--b--\r\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = Arrays.copyOf(head, head.length + file.length + tail.length);
        System.arraycopy(file, 0, all, head.length, file.length);
        System.arraycopy(tail, 0, all, head.length + file.length, tail.length);
        return all;
    }
}
