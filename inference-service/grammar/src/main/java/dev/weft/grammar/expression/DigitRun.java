package dev.weft.grammar.expression;

import org.jspecify.annotations.Nullable;

/**
 * The digits that may follow in a number that has to be a multiple of another, as far as nothing
 * else decides about them. Each is computed, since expressions for them would be too many to keep.
 */
public final class DigitRun {
    private final MultipleState state;
    private final int left;

    DigitRun(MultipleState state, int left) {
        this.state = state;
        this.left = left;
    }

    /** Number of digits that it decides about; at least one if it was just asked for. */
    public int left() {
        return left;
    }

    /** Whether every digit may follow. */
    public boolean isFree() {
        return state.fraction() < 0;
    }

    /**
     * The run behind a digit; null if that digit may not follow. {@link #left} has to be above 0.
     */
    public @Nullable DigitRun next(int digit) {
        MultipleState next = state.next(digit);
        return next == null ? null : new DigitRun(next, left - 1);
    }
}
