package io.jenkins.plugins.mender.api;

import java.io.Serializable;

/**
 * A file that is to be uploaded, on the machine where it lies.
 *
 * @param name the file's path as users see it, relative to the workspace, with slashes
 * @param path its absolute path on that machine
 * @param size its size in bytes
 */
public record ArtifactFile(String name, String path, long size) implements Serializable {
    private static final long serialVersionUID = 1;

    /** {@return the file's own name without folders, and with an underscore for everything but {@code A-Za-z0-9._-}} */
    public String asciiName() {
        return name.substring(name.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
