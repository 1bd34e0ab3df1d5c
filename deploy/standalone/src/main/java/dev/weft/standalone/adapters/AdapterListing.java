package dev.weft.standalone.adapters;

import dev.weft.standalone.adapters.client.AdapterVersion;
import dev.weft.standalone.adapters.client.NamedAdapter;
import java.util.ArrayList;
import java.util.List;

/** Adapters as a table for people: a line for each version. */
final class AdapterListing {
    private static final int DIGEST = "sha256:".length() + 12;

    private AdapterListing() {}

    static String of(List<NamedAdapter> adapters) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("NAME", "VERSION", "STATE", "RANK", "DIGEST", "FROM"));
        for (NamedAdapter adapter : adapters) {
            for (AdapterVersion version : adapter.versions()) {
                rows.add(row(adapter.name(), version));
            }
        }
        var text = new StringBuilder();
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                line.append(("%-" + width(rows, column) + "s  ").formatted(row.get(column)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        for (NamedAdapter adapter : adapters) {
            if (adapter.hint() != null) {
                text.append("%s: %s%n".formatted(adapter.name(), adapter.hint()));
            }
        }
        return text.toString();
    }

    private static List<String> row(String name, AdapterVersion version) {
        AdapterVersion.Content content = version.content();
        String digest = content.digest() == null ? "-" : content.digest();
        return List.of(
                name,
                content.number() == null ? "-" : content.number().toString(),
                version.state().name(),
                content.rank() == null ? "-" : content.rank().toString(),
                digest.substring(0, Math.min(DIGEST, digest.length())),
                version.repository().toString());
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(1);
    }
}
