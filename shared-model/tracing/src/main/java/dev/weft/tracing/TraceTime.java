package dev.weft.tracing;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The times of one trace in a service. The injected clock gives its beginning, and the steady clock
 * every later time, so that spans neither overlap nor run backwards if the clock is set. Immutable.
 *
 * @param beganEpochNanos since 1970
 * @param beganNanos of {@link System#nanoTime}, at the same moment
 */
public record TraceTime(long beganEpochNanos, long beganNanos) {
    public static TraceTime begin(Clock clock) {
        Instant now = clock.instant();
        return new TraceTime(
                TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano(), System.nanoTime());
    }

    /** A moment of {@link System#nanoTime} as nanoseconds since 1970. */
    public long epochNanos(long nanoTime) {
        return beganEpochNanos + (nanoTime - beganNanos);
    }

    public long nowEpochNanos() {
        return epochNanos(System.nanoTime());
    }
}
