package dev.weft.gateway.forward.attempt;

import java.util.function.LongSupplier;

/**
 * Bounds the attempts that are made again, so that workers that fail don't get a multiple of the
 * load: at most a fifth of the recent requests, and ten a second in any case. A request that a
 * worker declines at once does not count. Any thread.
 */
final class RetryBudget {
    private static final double NANOS = 1e9;

    /** What a request adds. */
    private static final double PART = 0.2;

    /** What each second adds. */
    private static final double LEAST = 10;

    /** What may be saved for a bad moment. */
    private static final double MOST = 100;

    private final LongSupplier nanos;
    private double saved = LEAST;
    private long since;

    /**
     * A budget with the attempts of a second.
     *
     * @param nanos a time in nanoseconds, of which only differences count
     */
    RetryBudget(LongSupplier nanos) {
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /** A request came. */
    synchronized void earn() {
        save(PART);
    }

    /** True if there is an attempt in the budget, which somebody else may take first. */
    synchronized boolean isLeft() {
        long now = nanos.getAsLong();
        save(LEAST * (now - since) / NANOS);
        since = now;
        return saved >= 1;
    }

    /** Takes an attempt from the budget; false if there is none left. */
    synchronized boolean spend() {
        boolean left = isLeft();
        if (left) {
            saved--;
        }
        return left;
    }

    private void save(double more) {
        saved = Math.min(MOST, saved + more);
    }
}
