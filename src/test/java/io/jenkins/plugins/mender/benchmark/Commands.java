package io.jenkins.plugins.mender.benchmark;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The commands that are compared. None of them checks the sink's certificate, since mender-cli cannot be given one. */
final class Commands {
    /** The heap that the engine has to do with. */
    static final int HEAP_MEBIBYTES = 64;

    static final String ARTIFACTS = "/api/management/v1/deployments/artifacts";

    private Commands() {}

    static boolean installed(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    static List<String> curl(String url, String token, Path file) {
        return List.of(
                "curl",
                "--silent",
                "--show-error",
                "--fail",
                "--insecure",
                "--header",
                "Authorization: Bearer " + token,
                "--form",
                "size=" + file.toFile().length(),
                "--form",
                "artifact=@" + file,
                url + ARTIFACTS);
    }

    static List<String> menderCli(String url, String token, Path file) {
        return List.of(
                "mender-cli",
                "artifacts",
                "upload",
                "--no-progress",
                "--skip-verify",
                "--server",
                url,
                "--token-value",
                token,
                file.toString());
    }

    static List<String> engine(EngineRun.Way way, String url, String token, List<Path> files) {
        List<String> arguments = new ArrayList<>(List.of(url, token, way.name()));
        files.forEach(file -> arguments.add(file.toString()));
        List<String> command = java(EngineRun.class, arguments.toArray(String[]::new));
        command.add(1, "-Xmx" + HEAP_MEBIBYTES + "m");
        return command;
    }

    /** {@return a JVM of its own for one of the benchmark's classes, with this JVM's class path} */
    static List<String> java(Class<?> main, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(jdk("java"), "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    static String jdk(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }
}
