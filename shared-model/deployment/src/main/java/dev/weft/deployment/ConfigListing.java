package dev.weft.deployment;

import java.util.ArrayList;
import java.util.List;

/** The effective deployment as a table for people. */
final class ConfigListing {
    /** The widest column of values; a longer value pushes only its own origin aside. */
    private static final int WIDEST = 60;

    private final List<List<String>> rows = new ArrayList<>();

    ConfigListing(List<Setting> settings) {
        rows.add(List.of("KEY", "VALUE", "FROM"));
        settings.forEach(setting ->
                rows.add(List.of(setting.name(), ConfigText.of(setting.value()), origin(setting))));
    }

    private static String origin(Setting setting) {
        if (!setting.used()) {
            String hint = setting.note() == null ? "" : ", " + setting.note();
            return setting.origin() + " (Weft does not use it" + hint + ")";
        }
        boolean unset = ConfigText.of(setting.value()).equals("-") && setting.note() != null;
        return setting.origin() + (unset ? " (" + setting.note() + ")" : "");
    }

    private int width(int column) {
        return rows.stream()
                .mapToInt(row -> row.get(column).length())
                .filter(length -> length <= WIDEST)
                .max()
                .orElse(1);
    }

    @Override
    public String toString() {
        String format = "%-" + width(0) + "s  %-" + width(1) + "s  %s";
        var text = new StringBuilder();
        for (List<String> row : rows) {
            text.append(format.formatted(row.toArray()).stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
