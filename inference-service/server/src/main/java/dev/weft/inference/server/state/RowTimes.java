package dev.weft.inference.server.state;

import java.util.function.LongSupplier;

/**
 * How long a new request is expected to wait for a row: those that wait before it, over the rate at
 * which requests get rows while others wait. For one thread.
 */
final class QueueForecast {
    private static final double NANOS = 1e9;

    /** The rate is that of about so many seconds. */
    private static final double SPAN = 5;

    /** The longest that is told: nobody got a row for so long. */
    private static final double LONGEST = 60;

    private final LongSupplier nanos;

    /** Requests a second; 0 while nothing is known. */
    private double rate;

    private long since;
    private long servedThen;
    private boolean queued;

    QueueForecast(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * The wait in seconds; 0 if nobody waits.
     *
     * @param waiting requests without a row
     * @param served requests that have got one so far
     */
    double seconds(int waiting, long served) {
        long now = nanos.getAsLong();
        if (waiting == 0) {
            queued = false;
            return 0;
        }
        if (queued) {
            double elapsed = (now - since) / NANOS;
            double weight = 1 - Math.exp(-elapsed / SPAN);
            double current = elapsed > 0 ? (served - servedThen) / elapsed : rate;
            rate = rate == 0 ? current : rate + weight * (current - rate);
        }
        queued = true;
        since = now;
        servedThen = served;
        return rate * LONGEST <= waiting ? LONGEST : waiting / rate;
    }
}
