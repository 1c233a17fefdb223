package io.jenkins.plugins.mender.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What kind of machine the benchmark runs on, and how busy it is with other things. */
final class Machine {
    private Machine() {}

    /** {@return cores, memory, system and Java} */
    static String kind() throws IOException {
        String memory = value(Path.of("/proc/meminfo"), "MemTotal:")
                .map(kib -> ", " + Math.round(Long.parseLong(kib.replaceAll("\\D", "")) / 1048576.0) + " GiB")
                .orElse("");
        String system = value(Path.of("/etc/os-release"), "PRETTY_NAME=")
                .map(name -> name.replace("\"", ""))
                .orElse(System.getProperty("os.name") + " " + System.getProperty("os.version"));
        String processor = value(Path.of("/proc/cpuinfo"), "model name")
                .map(name -> " of " + name.replaceFirst("^\\s*:\\s*", ""))
                .orElse("");
        return Runtime.getRuntime().availableProcessors() + " virtual cores" + processor + memory + ", " + system + ", "
                + System.getProperty("java.vm.name") + " " + System.getProperty("java.version");
    }

    private static Optional<String> value(Path file, String name) throws IOException {
        List<String> lines = Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst();
    }

    /** {@return how many threads wanted to run at a time during the last minute; negative where that is not known} */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
