package dev.weft.grammar.expression;

import org.jspecify.annotations.Nullable;

/**
 * Digits that may follow within a number that has to be a multiple of another, as far as nothing
 * else decides about them. Which of them do is computed: as expressions they are too many to keep.
 */
public final class DigitRun {
    private final MultipleState state;
    private final int left;

    DigitRun(MultipleState state, int left) {
        this.state = state;
        this.left = left;
    }

    /** How many digits it knows about, at least one of them if it was just asked for. */
    public int left() {
        return left;
    }

    /** Whether every digit may follow. */
    public boolean isFree() {
        return state.fraction() < 0;
    }

    /** The run behind a digit, of which there have to be some left; null if it may not follow. */
    public @Nullable DigitRun next(int digit) {
        MultipleState next = state.next(digit);
        return next == null ? null : new DigitRun(next, left - 1);
    }
}
