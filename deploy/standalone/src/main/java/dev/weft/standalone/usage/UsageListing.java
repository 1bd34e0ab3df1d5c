package dev.weft.standalone.usage;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Usage as lines of text. */
final class UsageListing {
    private static final List<String> COUNTS =
            List.of(
                    "requests",
                    "errors",
                    "promptTokens",
                    "cachedTokens",
                    "completionTokens",
                    "cost");
    private static final List<String> SUBJECTS =
            List.of(
                    "day", "tenant", "key", "keyName", "base", "owner", "adapter", "version",
                    "digest");

    private UsageListing() {}

    /** Comma-separated values (RFC 4180), with all that the admin API says. */
    static List<String> csv(JsonNode items) {
        List<String> columns = Stream.of(SUBJECTS, COUNTS).flatMap(List::stream).toList();
        List<String> lines = new ArrayList<>();
        lines.add(String.join(",", columns));
        for (JsonNode item : items) {
            lines.add(
                    columns.stream()
                            .map(column -> quoted(text(item, column)))
                            .collect(Collectors.joining(",")));
        }
        return lines;
    }

    /** A text that a spreadsheet would take for a formula gets an apostrophe. */
    private static String quoted(String text) {
        String safe = !text.isEmpty() && "=+-@\t".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.matches("[^,\"\r\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }

    /** A table with aligned columns, for people. */
    static List<String> table(JsonNode items, List<String> groups) {
        List<String> columns = columns(groups);
        List<List<String>> rows = new ArrayList<>();
        rows.add(columns.stream().map(UsageListing::title).toList());
        for (JsonNode item : items) {
            rows.add(columns.stream().map(column -> shown(item, column)).toList());
        }
        int[] widths = new int[columns.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, columns, widths)).toList();
    }

    private static List<String> columns(List<String> groups) {
        Set<String> columns = new LinkedHashSet<>();
        for (String group : List.of("day", "tenant", "key", "adapter", "version")) {
            if (groups.contains(group)) {
                if (group.equals("version")) {
                    columns.add("adapter");
                }
                columns.add(group.equals("key") ? "keyName" : group);
            }
        }
        columns.addAll(COUNTS);
        return List.copyOf(columns);
    }

    private static String title(String column) {
        return switch (column) {
            case "keyName" -> "key";
            case "promptTokens" -> "prompt";
            case "cachedTokens" -> "cached";
            case "completionTokens" -> "completion";
            default -> column;
        };
    }

    private static String shown(JsonNode item, String column) {
        return switch (column) {
            case "keyName" ->
                    text(item, column)
                            + (item.path("key").isNumber()
                                    ? " (" + item.path("key").asLong() + ")"
                                    : "");
            case "adapter" -> adapter(item);
            default -> text(item, column);
        };
    }

    /**
     * The adapter's name as clients write it, with its owner unless that is the line's tenant; the
     * base's name if there is no adapter.
     */
    private static String adapter(JsonNode item) {
        if (item.path("adapter").isNull()) {
            return text(item, "base");
        }
        boolean own = text(item, "owner").equals(text(item, "tenant"));
        return (own ? "" : text(item, "owner") + "/") + text(item, "adapter");
    }

    private static String text(JsonNode item, String field) {
        JsonNode value = item.path(field);
        if (value.isNull() || value.isMissingNode()) {
            return "";
        }
        return value.isNumber() && field.equals("cost")
                ? value.decimalValue().stripTrailingZeros().toPlainString()
                : value.asString("");
    }

    private static String line(List<String> row, List<String> columns, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String pad = " ".repeat(widths[i] - row.get(i).length());
            boolean number = COUNTS.contains(columns.get(i));
            line.append(i == 0 ? "" : "  ").append(number ? pad + row.get(i) : row.get(i) + pad);
        }
        return line.toString().stripTrailing();
    }
}
