package dev.weft.deployment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which paths of the file mean something to Weft. */
final class Schema {
    static final List<Key<?>> KEYS =
            Stream.of(
                            SeedKeys.ALL,
                            TensorRtKeys.ALL,
                            WeftKeys.ALL,
                            TlsKeys.ALL,
                            TracingKeys.ALL,
                            SourceKeys.ALL)
                    .<Key<?>>flatMap(List::stream)
                    .toList();

    private static final Set<List<String>> SECTIONS = sections();

    /** A suggestion this near is a slip of the keyboard, not another key. */
    private static final int SLIP = 2;

    private Schema() {}

    static boolean isKey(List<String> path) {
        return KEYS.stream().anyMatch(key -> matches(key.path(), path));
    }

    /** True for what holds keys, e.g. {@code trt_llm.build}. */
    static boolean isSection(List<String> path) {
        return SECTIONS.stream().anyMatch(section -> matches(section, path));
    }

    /** The names that may stand in a section. */
    static List<String> children(List<String> section) {
        return Stream.concat(KEYS.stream().map(Key::path), SECTIONS.stream())
                .filter(path -> path.size() == section.size() + 1)
                .filter(path -> matches(path.subList(0, section.size()), section))
                .map(List::getLast)
                .distinct()
                .toList();
    }

    /** The known key or section below the same root that looks most like an unknown one. */
    static String nearest(List<String> path) {
        return candidates(path)
                .min(Comparator.comparingInt(known -> distance(path, known)))
                .map(known -> String.join(".", known))
                .orElse(WeftKeys.ROOT);
    }

    /** A known key that was probably meant; empty where none is near. */
    static Optional<String> slip(List<String> path) {
        return candidates(path)
                .filter(known -> known.size() == path.size())
                .filter(known -> whole(path, known) <= SLIP)
                .min(Comparator.comparingInt(known -> whole(path, known)))
                .map(known -> String.join(".", known));
    }

    private static Stream<List<String>> candidates(List<String> path) {
        boolean weft = path.getFirst().equals(WeftKeys.ROOT);
        return Stream.concat(KEYS.stream().map(Key::path), SECTIONS.stream())
                .filter(known -> !known.contains(Key.ANY))
                .filter(known -> weft == known.getFirst().equals(WeftKeys.ROOT));
    }

    /** By the whole path, or by its last part where that stands in another section. */
    private static int distance(List<String> path, List<String> known) {
        return Math.min(
                whole(path, known), 1 + edits(plain(path.getLast()), plain(known.getLast())));
    }

    private static int whole(List<String> path, List<String> known) {
        return edits(plain(String.join(".", path)), plain(String.join(".", known)));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Levenshtein distance. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private static boolean matches(List<String> pattern, List<String> path) {
        if (pattern.size() != path.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            if (!pattern.get(i).equals(Key.ANY) && !pattern.get(i).equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static Set<List<String>> sections() {
        var all = new LinkedHashSet<List<String>>();
        for (Key<?> key : KEYS) {
            for (int size = 1; size < key.path().size(); size++) {
                all.add(new ArrayList<>(key.path().subList(0, size)));
            }
        }
        return all;
    }
}
