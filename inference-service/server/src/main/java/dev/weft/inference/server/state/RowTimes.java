package dev.weft.inference.server.state;

import java.util.function.LongSupplier;

/**
 * The mean time that requests hold a row, by Little's law: the rows that were held divided by the
 * requests that got one, both of about the last half minute. For one thread.
 */
final class RowTimes {
    private static final double NANOS = 1e9;
    private static final double SPAN = 30;

    private final LongSupplier nanos;
    private double rowSeconds;
    private double requests;
    private long since;
    private long servedThen;

    RowTimes(LongSupplier nanos) {
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /**
     * The mean in seconds; 0 if no request got a row recently.
     *
     * @param running rows that are held
     * @param served requests that have got one so far
     */
    double mean(int running, long served) {
        long now = nanos.getAsLong();
        double elapsed = (now - since) / NANOS;
        double kept = Math.exp(-elapsed / SPAN);
        rowSeconds = kept * rowSeconds + running * elapsed;
        requests = kept * requests + (served - servedThen);
        since = now;
        servedThen = served;
        return requests < 0.5 ? 0 : rowSeconds / requests;
    }
}
