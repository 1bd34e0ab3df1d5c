package dev.weft.grammar.expression;

import java.util.HashSet;
import java.util.Set;

/** Splits the bytes into classes. No set that was given tells the bytes of a class apart. */
final class ByteClasses {
    private final byte[] classes = new byte[256];
    private final Set<ByteSet> done = new HashSet<>();
    private int count = 1;

    void split(ByteSet set) {
        if (count == 256 || !done.add(set)) {
            return;
        }
        int[] renamed = new int[256];
        for (int b = 0; b < 256; b++) {
            int own = classes[b] & 0xFF;
            if (set.has(b)) {
                if (renamed[own] == 0) {
                    renamed[own] = splits(own, set) ? ++count : own + 1;
                }
                classes[b] = (byte) (renamed[own] - 1);
            }
        }
    }

    private boolean splits(int own, ByteSet set) {
        for (int b = 0; b < 256; b++) {
            if ((classes[b] & 0xFF) == own && !set.has(b)) {
                return true;
            }
        }
        return false;
    }

    int count() {
        return count;
    }

    byte[] classes() {
        return classes;
    }
}
