package dev.weft.catalog.fetch;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A point in time that work must not pass. A correction of the wall clock does not move it.
 *
 * @param nanos a time in nanoseconds, of which only differences count
 * @param at the point, as a time of {@code nanos}
 * @param whole time that the work is given, without waits for a source
 */
public record FetchDeadline(LongSupplier nanos, long at, Duration whole) {
    public static FetchDeadline in(LongSupplier nanos, Duration whole) {
        return new FetchDeadline(nanos, nanos.getAsLong() + whole.toNanos(), whole);
    }

    /** A deadline that is the whole time away from now. */
    public FetchDeadline restarted() {
        return in(nanos, whole);
    }

    /** Time left, never negative. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, at - nanos.getAsLong()));
    }

    /** A deadline that is later by {@code by}. */
    FetchDeadline later(Duration by) {
        return new FetchDeadline(nanos, at + by.toNanos(), whole);
    }

    /** The latest deadline if a source is unavailable; see {@link Fetcher}. */
    FetchDeadline latest() {
        return later(whole.multipliedBy(Fetcher.TIMES_AWAY - 1));
    }

    /** True if it is later than another one of the same {@code nanos}. */
    boolean isAfter(FetchDeadline other) {
        return at - other.at > 0;
    }
}
