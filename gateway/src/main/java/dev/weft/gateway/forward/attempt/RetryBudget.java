package dev.weft.gateway.forward.attempt;

import java.util.function.LongSupplier;

/**
 * Bounds retries, so that failing workers don't get a multiple of the load: one retry for five
 * requests, and ten a second besides. Few are saved up, so that old requests don't count. A request
 * that a worker declines at once does not count. Any thread.
 */
final class RetryBudget {
    private static final double NANOS = 1e9;

    /** Retries that a request adds. */
    private static final double PART = 0.2;

    /** Retries that each second adds. */
    private static final double LEAST = 10;

    /** The most retries that are saved up. */
    private static final double MOST = 100;

    private final LongSupplier nanos;
    private double saved = LEAST;
    private long since;

    /**
     * A budget that begins with the retries of one second.
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

    /** True if a retry is left; another request may take it first. */
    synchronized boolean isLeft() {
        long now = nanos.getAsLong();
        save(LEAST * (now - since) / NANOS);
        since = now;
        return saved >= 1;
    }

    /** Takes a retry from the budget; false if none is left. */
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
