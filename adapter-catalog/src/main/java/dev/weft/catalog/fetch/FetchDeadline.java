package dev.weft.catalog.fetch;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A point in time that work must not pass. A wall clock that is set right moves it nowhere.
 *
 * @param nanos a time in nanoseconds, of which only differences count
 * @param at the point, by that time
 * @param whole from the beginning until then
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

    /** Whether it comes after another one by the same time. */
    boolean isAfter(FetchDeadline other) {
        return at - other.at > 0;
    }
}
