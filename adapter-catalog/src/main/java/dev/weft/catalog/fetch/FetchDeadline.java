package dev.weft.catalog.fetch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** A point in time that work must not pass. */
public record FetchDeadline(Clock clock, Instant at, Duration whole) {
    public static FetchDeadline in(Clock clock, Duration whole) {
        return new FetchDeadline(clock, clock.instant().plus(whole), whole);
    }

    /** A deadline that is the whole time away from now. */
    public FetchDeadline restarted() {
        return in(clock, whole);
    }

    /** Time left, never negative. */
    Duration left() {
        Duration left = Duration.between(clock.instant(), at);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** A deadline that is later by {@code by}. */
    FetchDeadline later(Duration by) {
        return new FetchDeadline(clock, at.plus(by), whole);
    }

    /** The latest deadline if a source is unavailable; see {@link Fetcher}. */
    FetchDeadline latest() {
        return later(whole.multipliedBy(Fetcher.TIMES_AWAY - 1));
    }
}
