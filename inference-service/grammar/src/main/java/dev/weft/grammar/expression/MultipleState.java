package dev.weft.grammar.expression;

import org.jspecify.annotations.Nullable;

/**
 * The place in a decimal without sign and exponent that has to be a multiple of {@code divisor /
 * 10^scale}.
 *
 * @param divisor above 0, at most {@link #MOST}
 * @param scale digits behind the point that count
 * @param rest of the digits so far, divided by {@code divisor}
 * @param fraction digits behind the point so far, at most {@code scale}; -1 before the point
 * @param pointed whether a point stands at the end, which a digit has to follow
 */
record MultipleState(long divisor, int scale, long rest, int fraction, boolean pointed) {
    /** So that a rest times ten fits a long. */
    static final long MOST = Long.MAX_VALUE / 100;

    static final ByteSet FIRST = ByteSet.range('0', '9').or(ByteSet.range('.', '.'));

    /** Whether the number may end here. */
    boolean ends() {
        if (pointed) {
            return false;
        }
        long r = rest;
        for (int i = Math.max(fraction, 0); i < scale; i++) {
            r = r * 10 % divisor;
        }
        return r == 0;
    }

    /** The state behind a byte; null if the number can't go on with it. */
    @Nullable MultipleState next(int b) {
        if (b == '.') {
            return fraction < 0 ? new MultipleState(divisor, scale, rest, 0, true) : null;
        }
        if (b < '0' || b > '9') {
            return null;
        }
        if (fraction == scale) {
            return b == '0' ? new MultipleState(divisor, scale, rest, fraction, false) : null;
        }
        return new MultipleState(
                divisor,
                scale,
                (rest * 10 + b - '0') % divisor,
                fraction < 0 ? fraction : fraction + 1,
                false);
    }
}
