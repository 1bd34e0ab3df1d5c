package dev.weft.catalog.ingest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** A point in time that work must not pass. */
record Deadline(Clock clock, Instant at, Duration whole) {
    static Deadline in(Clock clock, Duration whole) {
        return new Deadline(clock, clock.instant().plus(whole), whole);
    }

    /** The same time again from now on. */
    Deadline restarted() {
        return in(clock, whole);
    }

    /** Time left, never negative. */
    Duration left() {
        Duration left = Duration.between(clock.instant(), at);
        return left.isNegative() ? Duration.ZERO : left;
    }

    boolean passed() {
        return left().isZero();
    }
}
