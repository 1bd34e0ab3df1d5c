package dev.weft.grammar.budget;

import java.util.function.BooleanSupplier;

/** Counts steps of work and ends it by a {@link LimitException}. One thread at a time. */
public final class WorkBudget {
    private static final int STEPS_BETWEEN_CHECKS = 4096;

    private long left;
    private long deadline = Long.MAX_VALUE;
    private int untilCheck = STEPS_BETWEEN_CHECKS;
    private BooleanSupplier cancelled = () -> false;

    /**
     * Begins a piece of work.
     *
     * @param steps the most it may take
     * @param deadline as {@link System#nanoTime()} counts; {@code Long.MAX_VALUE} for none
     */
    public void begin(long steps, long deadline, BooleanSupplier cancelled) {
        this.left = steps;
        this.deadline = deadline;
        this.cancelled = cancelled;
        this.untilCheck = STEPS_BETWEEN_CHECKS;
    }

    /** Counts steps. */
    public void spend(int steps) {
        left -= steps;
        untilCheck -= steps;
        if (untilCheck <= 0) {
            check();
        }
    }

    private void check() {
        untilCheck = STEPS_BETWEEN_CHECKS;
        if (left < 0) {
            throw new LimitException(LimitException.Limit.WORK, "it takes too much work");
        }
        if (deadline != Long.MAX_VALUE && System.nanoTime() - deadline > 0) {
            throw new LimitException(LimitException.Limit.TIME, "its time is over");
        }
        if (cancelled.getAsBoolean()) {
            throw new LimitException(LimitException.Limit.CANCELLED, "nobody waits for it");
        }
    }
}
