package io.jenkins.plugins.mender.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A Markdown page of tables, and the list of what was to be shown. */
final class Report {
    private final StringBuilder body = new StringBuilder();
    private final List<String[]> goals = new ArrayList<>();

    void heading(String text) {
        body.append("\n## ").append(text).append('\n');
    }

    void paragraph(String text) {
        body.append('\n').append(text.strip()).append('\n');
    }

    /** Adds a table; its first row is the header. The first column is text, the others are figures. */
    void table(List<String[]> rows) {
        body.append('\n').append(table(rows, rows.get(0).length));
    }

    private static String table(List<String[]> rows, int columns) {
        StringBuilder table = new StringBuilder();
        table.append(line(rows.get(0)));
        table.append("| ---").append(" | ---:".repeat(columns - 1)).append(" |\n");
        rows.stream().skip(1).forEach(row -> table.append(line(row)));
        return table.toString();
    }

    private static String line(String... cells) {
        return "| " + String.join(" | ", Arrays.asList(cells)) + " |\n";
    }

    /** Notes one thing that was to be shown: a figure and its bound. */
    void goal(String what, double measured, double bound, String unit) {
        if (Double.isNaN(measured)) {
            goals.add(new String[] {what, number(bound) + unit, "not measured", "?"});
        } else {
            goals.add(new String[] {
                what, number(bound) + unit, number(measured) + unit, measured <= bound ? "yes" : "**no**"
            });
        }
    }

    /** Writes the page: the introduction, the goals, then everything else. */
    void write(Path file, String introduction) throws IOException {
        List<String[]> rows = new ArrayList<>(goals);
        rows.add(0, new String[] {"What was to be shown", "at most", "measured", "met"});
        String page = introduction.strip() + "\n\n## Goals\n\n" + table(rows, rows.get(0).length) + body;
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, page);
        System.out.println(page);
    }

    /** {@return a figure as it is shown: three digits that count, a dash for what was not measured} */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        int decimals = value >= 100 || value == Math.rint(value) ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
