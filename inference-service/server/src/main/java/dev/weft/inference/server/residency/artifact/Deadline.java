package dev.weft.inference.server.residency.artifact;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The time to stop waiting; one for everything that a request waits for.
 *
 * @param end by {@code clock}, which tells nanoseconds since some moment and is never set
 */
public record Deadline(long end, LongSupplier clock) {
    public static Deadline after(Duration wait) {
        return after(wait, System::nanoTime);
    }

    static Deadline after(Duration wait, LongSupplier clock) {
        return new Deadline(clock.getAsLong() + wait.toNanos(), clock);
    }

    /** Time left, never negative. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, end - clock.getAsLong()));
    }
}
