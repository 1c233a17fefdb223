package io.jenkins.plugins.mender.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of this repository, whichever of its builds runs. */
public final class Repository {
    private static final Path ROOT = root();

    private Repository() {}

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("Jenkinsfile"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** {@return a file or folder of the repository} */
    static Path path(String name) {
        return ROOT.resolve(name);
    }

    /** {@return a text file's content} */
    static String read(String name) throws IOException {
        return Files.readString(path(name));
    }

    /** {@return the files below a folder whose names end so} */
    static List<Path> files(String folder, String end) throws IOException {
        try (Stream<Path> files = Files.walk(path(folder))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(end))
                    .sorted()
                    .toList();
        }
    }

    /** {@return the first group of each place where a text matches a pattern} */
    static List<String> found(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
