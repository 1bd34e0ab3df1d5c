package dev.weft.grammar.parse;

import java.util.Arrays;

/** Numbers as a key. */
final class Ids {
    private int[] all;
    private int size;

    Ids(int expected) {
        all = new int[Math.max(4, expected)];
    }

    void add(int id) {
        if (size == all.length) {
            all = Arrays.copyOf(all, size * 2);
        }
        all[size++] = id;
    }

    int size() {
        return size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ids o && Arrays.equals(all, 0, size, o.all, 0, o.size);
    }

    @Override
    public int hashCode() {
        int hash = size;
        for (int i = 0; i < size; i++) {
            hash = hash * 0x9E3779B1 + all[i];
            hash ^= hash >>> 15;
        }
        return hash;
    }
}
