package dev.weft.inference.server.residency.artifact;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The time to stop waiting; one for everything that a request waits for. */
public record Deadline(Instant at, Clock clock) {
    public static Deadline after(Duration wait, Clock clock) {
        return new Deadline(clock.instant().plus(wait), clock);
    }

    /** Time left, never negative. */
    public Duration left() {
        Duration left = Duration.between(clock.instant(), at);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
