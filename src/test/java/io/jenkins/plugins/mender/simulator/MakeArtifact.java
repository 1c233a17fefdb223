package io.jenkins.plugins.mender.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A build that makes an Artifact of a few MiB, as a command: name, file, device types. */
public final class MakeArtifact {
    private static final long PAYLOAD_BYTES = 8L * 1024 * 1024;

    private MakeArtifact() {}

    /** Makes the Artifact. */
    public static void main(String[] arguments) throws IOException {
        String name = arguments[0];
        Path file = Path.of(arguments[1]).toAbsolutePath();
        Files.createDirectories(file.getParent());
        new ArtifactBuilder(name, Arrays.copyOfRange(arguments, 2, arguments.length))
                .payload(PAYLOAD_BYTES)
                .seed(name.hashCode())
                .write(file);
        System.out.println("Made " + name + " in " + arguments[1]);
    }
}
