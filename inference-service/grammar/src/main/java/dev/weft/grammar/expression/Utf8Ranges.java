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

    /** Splits a range until the UTF-8 of each part is one range for each byte. */
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

    /**
     * Whether a concatenation is one character of several bytes, each of a range, and then only
     * whole characters.
     */
    static boolean isWhole(Expression e) {
        ByteSet lead = e.parts[0].kind == Expression.Kind.BYTES ? e.parts[0].bytes : ByteSet.NONE;
        int more =
                isWithin(lead, 0xC2, 0xDF)
                        ? 1
                        : isWithin(lead, 0xE0, 0xEF) ? 2 : isWithin(lead, 0xF0, 0xF4) ? 3 : 0;
        Expression rest = e.parts[1];
        for (int i = 0; i < more; i++) {
            boolean last = rest.kind != Expression.Kind.CONCAT;
            Expression one = last ? rest : rest.parts[0];
            boolean fits =
                    one.kind == Expression.Kind.BYTES
                            && (i == 0
                                    ? isSecond(lead, one.bytes)
                                    : isWithin(one.bytes, 0x80, 0xBF));
            if (!fits || last) {
                return fits && i == more - 1;
            }
            rest = rest.parts[1];
        }
        return more > 0 && rest.whole;
    }

    private static boolean isWithin(ByteSet set, int from, int to) {
        return !set.isEmpty() && set.and(ByteSet.range(from, to).not()).isEmpty();
    }

    /** Whether some bytes may follow each of some first bytes. */
    private static boolean isSecond(ByteSet lead, ByteSet second) {
        int from = lead.has(0xE0) ? 0xA0 : lead.has(0xF0) ? 0x90 : 0x80;
        int to = lead.has(0xED) ? 0x9F : lead.has(0xF4) ? 0x8F : 0xBF;
        return isWithin(second, from, to);
    }
}
