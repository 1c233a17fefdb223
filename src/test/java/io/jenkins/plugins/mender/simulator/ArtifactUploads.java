package io.jenkins.plugins.mender.simulator;

import io.jenkins.plugins.mender.api.ArtifactHeader;
import io.jenkins.plugins.mender.artifact.ArtifactContents;
import io.jenkins.plugins.mender.artifact.ArtifactException;
import io.jenkins.plugins.mender.artifact.ArtifactReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.io.input.TeeInputStream;
import org.apache.hc.core5.http.ContentType;

/** {@code POST /v1/deployments/artifacts}: reads the multipart body and the Artifact in it as they come. */
final class ArtifactUploads {
    private static final long LIMIT = 10L * 1024 * 1024 * 1024;
    private static final int LONGEST_TEXT = 4096;
    private static final Pattern NAME = Pattern.compile("(?i)content-disposition:.*?\\bname=\"([^\"]*)\"");

    private final Flavour flavour;
    private final Deployments deployments;
    private final Path folder;

    ArtifactUploads(Flavour flavour, Deployments deployments, Path folder) {
        this.flavour = flavour;
        this.deployments = deployments;
        this.folder = folder;
    }

    Reply handle(ContentType type, InputStream body) throws IOException {
        if (type == null) {
            return Reply.error(400, "request Content-Type isn't multipart/form-data");
        }
        if (!type.getMimeType().startsWith("multipart/")) {
            String expected = "Bad Content-Type, expected 'multipart/form-data'";
            return Reply.error(415, flavour.words(expected, expected + ", 'multipart/mixed'"));
        }
        String boundary = type.getParameter("boundary");
        if (boundary == null) {
            return Reply.error(400, "no multipart boundary param in Content-Type");
        }
        try {
            return parts(MultipartInput.builder()
                    .setInputStream(body)
                    .setBoundary(boundary.getBytes(StandardCharsets.ISO_8859_1))
                    .get());
        } catch (EOFException | FileUploadException e) {
            return Reply.error(400, "unexpected EOF");
        }
    }

    private Reply parts(MultipartInput input) throws IOException {
        Map<String, String> fields = new HashMap<>();
        boolean more = input.skipPreamble();
        while (more) {
            Matcher name = NAME.matcher(input.readHeaders());
            String field = name.find() ? name.group(1).toLowerCase(Locale.ROOT) : "";
            try (InputStream part = input.newInputStream()) {
                if (field.equals("artifact")) {
                    return artifact(part, fields);
                }
                fields.put(field, new String(part.readAllBytes(), StandardCharsets.UTF_8));
            }
            more = input.readBoundary();
        }
        return Reply.error(400, "request does not contain the artifact file");
    }

    private Reply artifact(InputStream part, Map<String, String> fields) throws IOException {
        long announced = 0;
        if (fields.containsKey("size")) {
            try {
                announced = Long.parseLong(fields.get("size"));
            } catch (NumberFormatException e) {
                return Reply.error(400, "strconv.ParseInt: parsing \"" + fields.get("size") + "\": invalid syntax");
            }
        }
        if (announced > LIMIT) {
            return Reply.error(400, "Artifact file too large");
        }
        String id = fields.getOrDefault("artifact_id", UUID.randomUUID().toString());
        if (!id.matches("[0-9a-f-]{36}")) {
            return Reply.error(400, "artifact_id is not a valid UUID");
        }
        Path file = Files.createTempFile(folder, "artifact", ".mender");
        Reply reply = store(part, fields, announced, id, file);
        if (reply.status() != 201) {
            Files.delete(file);
        }
        return reply;
    }

    private Reply store(InputStream part, Map<String, String> fields, long announced, String id, Path file)
            throws IOException {
        ArtifactContents contents;
        try (OutputStream copy = Files.newOutputStream(file)) {
            InputStream in = new TeeInputStream(part, copy);
            contents = ArtifactReader.read(in);
            in.transferTo(OutputStream.nullOutputStream());
        } catch (ArtifactException e) {
            return switch (e.problem()) {
                case CHECKSUM -> Reply.error(400, "invalid checksum; expected: [" + e.part() + "]; actual: [other]");
                case UNKNOWN_FORMAT -> Reply.error(400, "Metadata invalid");
                default -> Reply.error(400, "reading artifact error: " + e.getMessage());
            };
        }
        long size = Files.size(file);
        if (announced > 0 && size > announced) {
            return flavour.since(Flavour.MENDER_4_1)
                    ? Reply.error(413, "Artifact file too large")
                    : Reply.error(400, "read too many bytes");
        }
        if (announced > size) {
            return Reply.error(400, "unexpected EOF");
        }
        ArtifactHeader header;
        try {
            header = ArtifactHeader.of(contents);
        } catch (IllegalArgumentException e) {
            return Reply.error(400, "reading artifact error: " + e.getMessage());
        }
        Optional<Reply> refusal = new ReaderRules(flavour, header, contents).refusal();
        if (refusal.isPresent()) {
            return refusal.get();
        }
        String description = fields.getOrDefault("description", "");
        if (description.getBytes(StandardCharsets.UTF_8).length > LONGEST_TEXT) {
            return Reply.error(500, "internal error");
        }
        return deployments.store(new StoredArtifact(id, header, contents, description, file, size, Instant.now()));
    }
}
