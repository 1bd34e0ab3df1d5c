package dev.weft.chat.jinja.value;

import dev.weft.chat.jinja.budget.PyError;

/**
 * A range of integers.
 *
 * @param length at most {@link #MAX_LENGTH}, the sandbox's limit
 */
public record RangeValue(long start, long stop, long step, int length) implements Value {
    /** The most that jinja2's sandbox allows. */
    public static final int MAX_LENGTH = 100_000;

    public static RangeValue of(long start, long stop, long step) {
        if (step == 0) {
            throw PyError.value("range() arg 3 must not be zero");
        }
        long span = step > 0 ? Math.subtractExact(stop, start) : Math.subtractExact(start, stop);
        long length = span <= 0 ? 0 : (span - 1) / Math.abs(step) + 1;
        if (length > MAX_LENGTH) {
            throw PyError.overflow(
                    "Range too big. The sandbox blocks ranges larger than " + MAX_LENGTH + ".");
        }
        return new RangeValue(start, stop, step, (int) length);
    }

    public Int get(int index) {
        return Int.of(start + index * step);
    }

    @Override
    public String typeName() {
        return "range";
    }
}
