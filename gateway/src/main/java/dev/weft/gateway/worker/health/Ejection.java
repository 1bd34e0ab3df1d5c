package dev.weft.gateway.worker.health;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Decides whether a worker gets requests if they fail there one after the other, or if it is much
 * slower than others. After {@link #IN_A_ROW} failures it gets none for 5 s, for twice as long each
 * next time, a minute at most. After that it gets a part of its requests, which grows to all within
 * {@link #RETURN}. Its probes may all be good meanwhile. Any thread.
 */
final class Ejection {
    private static final int IN_A_ROW = 5;
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration RETURN = Duration.ofSeconds(10);

    /** The part that it gets at the beginning of its return. */
    private static final double LEAST = 0.1;

    private final LongSupplier nanos;
    private int failures;
    private int times;
    private long until;
    private volatile boolean none = true;

    /**
     * A worker that gets all its requests.
     *
     * @param nanos a time in nanoseconds, of which only differences count
     */
    Ejection(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * A request failed by the worker's fault.
     *
     * @return true if the worker gets none from now on
     */
    synchronized boolean failed() {
        return ++failures >= IN_A_ROW && slow();
    }

    /**
     * Its requests take much longer than those of other workers.
     *
     * @return true if the worker gets none from now on; false if it gets none already
     */
    synchronized boolean slow() {
        if (share() == 0) {
            return false;
        }
        failures = 0;
        Duration length = FIRST.multipliedBy(1L << Math.min(times, 10));
        times++;
        until = nanos.getAsLong() + (length.compareTo(LONGEST) < 0 ? length : LONGEST).toNanos();
        none = false;
        return true;
    }

    /** A request went well. */
    synchronized void answered() {
        failures = 0;
        if (!none && since() > LONGEST.toNanos()) {
            none = true;
            times = 0;
        }
    }

    /** The part of the requests that would come to it that it gets, 0 to 1. */
    double share() {
        if (none) {
            return 1;
        }
        synchronized (this) {
            long since = since();
            return since < 0 ? 0 : Math.min(1, LEAST + (double) since / RETURN.toNanos());
        }
    }

    /** Nanoseconds since its return; negative before. */
    private long since() {
        return nanos.getAsLong() - until;
    }
}
