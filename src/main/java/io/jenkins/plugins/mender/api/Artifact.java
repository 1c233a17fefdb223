package io.jenkins.plugins.mender.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * An Artifact as a Mender Server describes it ({@code GET /artifacts/{id}}).
 *
 * @param id the Artifact's id
 * @param name its name, which is the name of its Release
 * @param deviceTypes the device types it is for, never null
 * @param size the file's size in bytes
 * @param updates its payloads, never null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Artifact(
        String id,
        String name,
        @JsonProperty("device_types_compatible") List<String> deviceTypes,
        long size,
        List<Update> updates) {

    public Artifact {
        deviceTypes = deviceTypes == null ? List.of() : List.copyOf(deviceTypes);
        updates = updates == null ? List.of() : List.copyOf(updates);
    }

    /**
     * One payload.
     *
     * @param files the payload's files, never null
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Update(List<File> files) {
        public Update {
            files = files == null ? List.of() : List.copyOf(files);
        }
    }

    /**
     * A file of a payload.
     *
     * @param name the file's name
     * @param checksum its SHA-256, lower case hex digits
     * @param size its size in bytes
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record File(String name, String checksum, long size) {}
}
