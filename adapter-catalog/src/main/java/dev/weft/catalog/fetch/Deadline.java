package dev.weft.catalog.fetch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** A point in time that work must not pass. */
public record Deadline(Clock clock, Instant at, Duration whole) {
    public static Deadline in(Clock clock, Duration whole) {
        return new Deadline(clock, clock.instant().plus(whole), whole);
    }

    /** A deadline that is the whole time away from now. */
    public Deadline restarted() {
        return in(clock, whole);
    }

    /** Time left, never negative. */
    Duration left() {
        Duration left = Duration.between(clock.instant(), at);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** A deadline that is later by {@code by}. */
    Deadline later(Duration by) {
        return new Deadline(clock, at.plus(by), whole);
    }

    /** The latest deadline if a source is unavailable; see {@link Fetcher}. */
    Deadline latest() {
        return later(whole.multipliedBy(Fetcher.TIMES_AWAY - 1));
    }

    boolean passed() {
        return left().isZero();
    }
}
