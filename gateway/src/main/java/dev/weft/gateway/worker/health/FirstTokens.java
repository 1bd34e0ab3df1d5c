package dev.weft.gateway.worker.health;

import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The times that a worker's last {@link #KEPT} streams, of the last minute, took to begin. Any
 * thread.
 */
final class FirstTokens {
    private static final int KEPT = 32;

    /** Fewer times say nothing: one adapter that was loaded, or one long prompt, may be why. */
    private static final int FEWEST = 16;

    private static final Duration AGE = Duration.ofMinutes(1);

    private final LongSupplier nanos;
    private final long[] took = new long[KEPT];
    private final long[] at = new long[KEPT];
    private int next;
    private int kept;

    FirstTokens(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Adds a stream's time, in nanoseconds. */
    synchronized void add(long time) {
        took[next] = time;
        at[next] = nanos.getAsLong();
        next = (next + 1) % KEPT;
        kept = Math.min(kept + 1, KEPT);
    }

    /** The median in nanoseconds; empty if there are too few. */
    synchronized OptionalLong median() {
        long oldest = nanos.getAsLong() - AGE.toNanos();
        long[] lately = new long[KEPT];
        int found = 0;
        for (int i = 0; i < kept; i++) {
            if (at[i] - oldest >= 0) {
                lately[found++] = took[i];
            }
        }
        if (found < FEWEST) {
            return OptionalLong.empty();
        }
        Arrays.sort(lately, 0, found);
        return OptionalLong.of(lately[found / 2]);
    }

    /** Forgets all. */
    synchronized void clear() {
        next = 0;
        kept = 0;
    }
}
