package dev.weft.grammar.expression;

/** An immutable set of bytes. */
record ByteSet(long a, long b, long c, long d) {
    static final ByteSet NONE = new ByteSet(0, 0, 0, 0);
    static final ByteSet ALL = new ByteSet(-1, -1, -1, -1);

    static ByteSet range(int from, int to) {
        return new ByteSet(
                part(from, to, 0), part(from, to, 64), part(from, to, 128), part(from, to, 192));
    }

    private static long part(int from, int to, int base) {
        int low = Math.max(from - base, 0);
        int high = Math.min(to - base, 63);
        return low > high ? 0 : (-1L >>> (63 - high + low)) << low;
    }

    boolean has(int value) {
        long part =
                switch (value >> 6) {
                    case 0 -> a;
                    case 1 -> b;
                    case 2 -> c;
                    default -> d;
                };
        return (part >>> (value & 63) & 1) != 0;
    }

    ByteSet or(ByteSet o) {
        return new ByteSet(a | o.a, b | o.b, c | o.c, d | o.d);
    }

    ByteSet and(ByteSet o) {
        return new ByteSet(a & o.a, b & o.b, c & o.c, d & o.d);
    }

    ByteSet not() {
        return new ByteSet(~a, ~b, ~c, ~d);
    }

    int size() {
        return Long.bitCount(a) + Long.bitCount(b) + Long.bitCount(c) + Long.bitCount(d);
    }

    /** The least byte; 256 if there is none. */
    int lowest() {
        int low = a != 0 ? Long.numberOfTrailingZeros(a) : 64 + Long.numberOfTrailingZeros(b);
        int high = c != 0 ? Long.numberOfTrailingZeros(c) : 64 + Long.numberOfTrailingZeros(d);
        return (a | b) != 0 ? low : 128 + high;
    }

    /** The largest byte; -1 if there is none. */
    int highest() {
        int low = b != 0 ? 127 - Long.numberOfLeadingZeros(b) : 63 - Long.numberOfLeadingZeros(a);
        int high = d != 0 ? 127 - Long.numberOfLeadingZeros(d) : 63 - Long.numberOfLeadingZeros(c);
        return (c | d) != 0 ? 128 + high : low;
    }

    boolean isEmpty() {
        return (a | b | c | d) == 0;
    }
}
