package dev.weft.inference.cpu.kernel.trial;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Watches whether the JVM's compilers have work, by the time that they have spent. Without work
 * they make no better code of anything. One thread.
 */
final class CompilerWork {
    /** A compilation takes a second at most; its time is known once it ends. */
    private static final long LONGEST_NANOS = Duration.ofSeconds(3).toNanos();

    /** What they spend in that time on code that has become hot by the way. */
    private static final long LITTLE_MILLIS = 200;

    private final LongSupplier spentMillis;
    private long since;
    private long spentBefore;

    /**
     * @param spentMillis what all compilations until now have taken, in milliseconds
     * @param now in nanoseconds
     */
    CompilerWork(LongSupplier spentMillis, long now) {
        this.spentMillis = spentMillis;
        since = now;
        spentBefore = spentMillis.getAsLong();
    }

    /** Whether the compilers have had next to nothing to do for three seconds. */
    boolean isDone(long now) {
        long spent = spentMillis.getAsLong();
        if (spent - spentBefore > LITTLE_MILLIS) {
            since = now;
            spentBefore = spent;
        }
        return now - since > LONGEST_NANOS;
    }
}
