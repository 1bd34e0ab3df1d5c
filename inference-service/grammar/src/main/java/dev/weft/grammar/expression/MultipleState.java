package dev.weft.grammar.expression;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A place in a decimal without sign and exponent that has to be a multiple of {@code divisor /
 * 10^scale}. The digits that complete a multiple are computed: there are as many states as the
 * divisor is large, too many to search.
 *
 * @param divisor above 0, at most {@link #MOST}
 * @param scale digits behind the point that count
 * @param rest remainder of the digits so far, divided by {@code divisor}
 * @param fraction digits behind the point so far, at most {@code scale}; -1 before the point
 * @param pointed whether a point stands at the end, which a digit has to follow
 */
record MultipleState(long divisor, int scale, long rest, int fraction, boolean pointed) {
    /**
     * The largest divisor: ten times a rest fits a long, and so does ten times a power of ten that
     * is not below the divisor.
     */
    static final long MOST = Long.MAX_VALUE / 100;

    static final ByteSet FIRST = ByteSet.range('0', '9').or(ByteSet.range('.', '.'));

    /** Whether the number may end here. */
    boolean ends() {
        return !pointed && rest % modulus(scale - Math.max(fraction, 0)) == 0;
    }

    /** The state behind a byte; null if no multiple begins so. */
    @Nullable MultipleState next(int b) {
        MultipleState next = behind(b);
        return next == null || next.ending() == null ? null : next;
    }

    private @Nullable MultipleState behind(int b) {
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

    /** The fewest digits behind which the number may end; null if it can't. */
    byte @Nullable [] ending() {
        if (fraction == scale) {
            return rest == 0 ? digits(0, pointed ? 1 : 0) : null;
        }
        int most = countedDigits();
        long shifted = rest;
        long power = 1;
        for (int count = 0; count <= most; count++) {
            long missing = missing(shifted, modulus(fraction < 0 ? scale : most - count));
            if (missing < power && !(pointed && count == 0)) {
                return digits(missing, count);
            }
            shifted = shifted * 10 % divisor;
            power = tenfold(power);
        }
        return null;
    }

    /** Number of digits that may follow and still decide whether it is a multiple. */
    int countedDigits() {
        return fraction < 0 ? Integer.MAX_VALUE : scale - fraction;
    }

    /**
     * The fewest digits that still have to follow before the point, in a number without one so far.
     */
    int wholeDigits() {
        long shifted = rest;
        long power = 1;
        for (int i = 0; i < scale; i++) {
            shifted = shifted * 10 % divisor;
            power = tenfold(power);
        }
        int count = 0;
        while (missing(shifted, divisor) >= power) {
            shifted = shifted * 10 % divisor;
            power = tenfold(power);
            count++;
        }
        return count;
    }

    /** Ten times a power of ten; one that is above all rests stays as it is. */
    private long tenfold(long power) {
        return power > divisor ? power : power * 10;
    }

    private static long missing(long rest, long modulus) {
        return (modulus - rest % modulus) % modulus;
    }

    /**
     * The number whose multiples become multiples of the divisor with so many zeros behind them.
     */
    private long modulus(int zeros) {
        long modulus = divisor;
        for (int i = 0; i < zeros && (modulus % 2 == 0 || modulus % 5 == 0); i++) {
            modulus = modulus % 2 == 0 ? modulus / 2 : modulus;
            modulus = modulus % 5 == 0 ? modulus / 5 : modulus;
        }
        return modulus;
    }

    private static byte[] digits(long value, int count) {
        String text = count == 0 ? "" : Long.toString(value);
        return ("0".repeat(count - text.length()) + text).getBytes(StandardCharsets.US_ASCII);
    }
}
