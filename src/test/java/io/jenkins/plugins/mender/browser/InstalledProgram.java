package io.jenkins.plugins.mender.browser;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds what is installed on this machine. Nothing is ever downloaded. */
final class InstalledProgram {
    private InstalledProgram() {}

    /** {@return Chromium, or a browser made of it; {@code -Dmender.browser.chromium=…} names another} */
    static File chromium() {
        return find("mender.browser.chromium", List.of("chromium", "chromium-browser", "google-chrome"));
    }

    /** {@return the driver that belongs to it; {@code -Dmender.browser.driver=…} names another} */
    static File chromeDriver() {
        return find("mender.browser.driver", List.of("chromedriver"));
    }

    private static File find(String property, List<String> names) {
        String given = System.getProperty(property);
        if (given != null) {
            return new File(given);
        }
        List<String> folders = Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .filter(folder -> !folder.isEmpty())
                .toList();
        return names.stream()
                .flatMap(name -> Stream.of(name, name + ".exe"))
                .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toFile)
                .orElseThrow(
                        () -> new IllegalStateException("None of " + names + " is on the PATH: install Chromium and"
                                + " its driver (Debian: chromium and chromium-driver), or give -D" + property));
    }
}
