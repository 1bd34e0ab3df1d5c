package dev.weft.settings.key;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the key that was probably meant by an unknown one. */
public final class NearestKey {
    private static final String ROOT = "weft";

    /** A suggestion this near is a slip of the keyboard, not another key. */
    private static final int SLIP = 2;

    private final SettingKeys keys;

    public NearestKey(SettingKeys keys) {
        this.keys = keys;
    }

    /** The known key or section below the same root that looks most like an unknown one. */
    public String to(List<String> path) {
        return candidates(path)
                .min(
                        Comparator.<List<String>>comparingInt(known -> distance(path, known))
                                .thenComparingInt(known -> whole(path, known)))
                .map(known -> String.join(".", known))
                .orElse(ROOT);
    }

    /** The known key that was probably meant; empty if none is near. */
    public Optional<String> slip(List<String> path) {
        return candidates(path)
                .filter(known -> known.size() == path.size())
                .filter(known -> whole(path, known) <= SLIP)
                .min(Comparator.comparingInt(known -> whole(path, known)))
                .map(known -> String.join(".", known));
    }

    private Stream<List<String>> candidates(List<String> path) {
        boolean weft = path.getFirst().equals(ROOT);
        return keys.paths()
                .filter(known -> !known.contains(SettingKey.ANY))
                .filter(known -> weft == known.getFirst().equals(ROOT));
    }

    /**
     * Compares the whole path, or only its last part if that stands in another section. A key of
     * the same section whose name ends like the unknown one is near.
     */
    private static int distance(List<String> path, List<String> known) {
        if (known.size() == path.size()
                && known.subList(0, known.size() - 1).equals(path.subList(0, path.size() - 1))
                && plain(known.getLast()).endsWith("-" + plain(path.getLast()))) {
            return 1;
        }
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
}
