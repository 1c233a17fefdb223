package io.jenkins.plugins.mender.artifact;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file that is to be uploaded, on the machine where it lies. That machine names it, and no other opens it. What cannot be such
 * a file is an {@link IllegalArgumentException}.
 *
 * @param name the file's path as users see it, relative to the workspace and inside it, with slashes; up to 4,096
 *     characters
 * @param path its absolute path on that machine
 * @param size its size in bytes
 * @param modified when it was changed last, in milliseconds since 1970
 */
public record ArtifactFile(String name, String path, long size, long modified) implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int MOST_NAME_CHARS = 4096;
    private static final int MOST_PATH_CHARS = 32 * 1024;

    public ArtifactFile {
        if (name.isEmpty() || name.length() > MOST_NAME_CHARS || path.isEmpty() || path.length() > MOST_PATH_CHARS) {
            throw new IllegalArgumentException("a file whose name has " + name.length() + " characters");
        }
        if (name.startsWith("/") || List.of(name.split("/")).contains("..")) {
            throw new IllegalArgumentException("a file that is outside: " + name);
        }
        if (size < 0) {
            throw new IllegalArgumentException("a file of " + size + " bytes");
        }
    }

    /**
     * Looks at a file of this machine.
     *
     * @param name the name that users see
     * @param file where it is
     * @return the file as it is now
     * @throws IOException when there is no such file
     */
    public static ArtifactFile of(String name, Path file) throws IOException {
        return new ArtifactFile(
                name,
                file.toString(),
                Files.size(file),
                Files.getLastModifiedTime(file).toMillis());
    }

    /** {@return the file's own name without folders, and with an underscore for everything but {@code A-Za-z0-9._-}} */
    public String asciiName() {
        return name.substring(name.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
