package dev.weft.grammar.expression;

import java.util.ArrayList;
import java.util.List;

/** Ranges of code points as expressions over the bytes of UTF-8 (RFC 3629). */
final class Utf8Ranges {
    /** The last code points of one, two, three and four bytes. */
    private static final int[] LAST = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};

    private static final int FIRST_SURROGATE = 0xD800;
    private static final int LAST_SURROGATE = 0xDFFF;

    private Utf8Ranges() {}

    static Expression of(Expressions pool, int from, int to) {
        List<Expression> parts = new ArrayList<>();
        add(pool, from, Math.min(to, FIRST_SURROGATE - 1), parts);
        add(pool, Math.max(from, LAST_SURROGATE + 1), to, parts);
        return pool.or(parts);
    }

    private static void add(Expressions pool, int from, int to, List<Expression> parts) {
        int low = from;
        for (int i = 0; i < LAST.length && low <= to; i++) {
            if (low <= LAST[i]) {
                int high = Math.min(to, LAST[i]);
                split(pool, low, high, i, parts);
                low = high + 1;
            }
        }
    }

    /** Splits a range until all its code points differ in a run of last bytes that are whole. */
    private static void split(
            Expressions pool, int from, int to, int trailing, List<Expression> parts) {
        for (int i = 1; i <= trailing; i++) {
            int mask = (1 << (6 * i)) - 1;
            if ((from & ~mask) != (to & ~mask)) {
                if ((from & mask) != 0) {
                    split(pool, from, from | mask, trailing, parts);
                    split(pool, (from | mask) + 1, to, trailing, parts);
                    return;
                }
                if ((to & mask) != mask) {
                    split(pool, from, (to & ~mask) - 1, trailing, parts);
                    split(pool, to & ~mask, to, trailing, parts);
                    return;
                }
            }
        }
        Expression[] bytes = new Expression[trailing + 1];
        for (int i = 0; i <= trailing; i++) {
            int shift = 6 * (trailing - i);
            bytes[i] = pool.bytes(at(from, i, shift, trailing), at(to, i, shift, trailing));
        }
        parts.add(pool.concat(bytes));
    }

    private static int at(int codePoint, int index, int shift, int trailing) {
        if (index > 0) {
            return 0x80 | (codePoint >> shift & 0x3F);
        }
        int head =
                switch (trailing) {
                    case 0 -> 0;
                    case 1 -> 0xC0;
                    case 2 -> 0xE0;
                    default -> 0xF0;
                };
        return head | codePoint >> shift;
    }
}
