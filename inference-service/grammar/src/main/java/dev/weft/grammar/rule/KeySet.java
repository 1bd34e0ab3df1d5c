package dev.weft.grammar.rule;

import java.util.Arrays;
import java.util.List;

/** Keys that an object has already. Immutable. */
public final class KeySet {
    public static final KeySet NONE = new KeySet(new String[0]);

    private final String[] sorted;
    private final int hash;

    private KeySet(String[] sorted) {
        this.sorted = sorted;
        this.hash = Arrays.hashCode(sorted);
    }

    public boolean has(String key) {
        return Arrays.binarySearch(sorted, key) >= 0;
    }

    public int size() {
        return sorted.length;
    }

    /**
     * Adds what follows a text in each key that begins with it, of this set and of {@code others},
     * which are sorted. A key of both comes twice.
     */
    public void behind(String begun, String[] others, List<String> out) {
        behind(sorted, begun, out);
        behind(others, begun, out);
    }

    private static void behind(String[] sorted, String begun, List<String> out) {
        int at = Arrays.binarySearch(sorted, begun);
        for (int i = at < 0 ? -at - 1 : at; i < sorted.length && sorted[i].startsWith(begun); i++) {
            out.add(sorted[i].substring(begun.length()));
        }
    }

    public Iterable<String> keys() {
        return Arrays.asList(sorted);
    }

    public KeySet with(String key) {
        int at = -Arrays.binarySearch(sorted, key) - 1;
        if (at < 0) {
            return this;
        }
        String[] more = new String[sorted.length + 1];
        System.arraycopy(sorted, 0, more, 0, at);
        more[at] = key;
        System.arraycopy(sorted, at, more, at + 1, sorted.length - at);
        return new KeySet(more);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeySet o && hash == o.hash && Arrays.equals(sorted, o.sorted);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
