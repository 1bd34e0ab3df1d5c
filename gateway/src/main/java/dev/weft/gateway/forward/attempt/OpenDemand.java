package dev.weft.gateway.forward.attempt;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import reactor.core.publisher.Operators;

/**
 * Counts the buffers of a stream that its client's connection has asked for and not been given.
 * While there are none, nothing is read from the worker. Buffers are given one after the other,
 * from any thread; any thread asks for more.
 */
final class OpenDemand {
    /**
     * Shorter waits do not count, since the writer causes them: it asks for one buffer first, and
     * for 128 in all once it has that.
     */
    static final Duration SHORT = Duration.ofMillis(10);

    private final LongSupplier nanos;
    private final Runnable waited;
    private final AtomicLong open = new AtomicLong();
    private volatile long since;

    /**
     * @param nanos a time in nanoseconds, of which only differences count
     * @param waited runs if a buffer may have waited for longer than {@link #SHORT}, before it is
     *     given
     */
    OpenDemand(LongSupplier nanos, Runnable waited) {
        this.nanos = nanos;
        this.waited = waited;
        this.since = nanos.getAsLong();
    }

    /** The connection asks for further buffers. */
    void asked(long buffers) {
        long before = open.getAndAccumulate(buffers, Operators::addCap);
        if (before == 0 && nanos.getAsLong() - since > SHORT.toNanos()) {
            waited.run();
        }
    }

    /** A buffer is given. */
    void given() {
        if (open.get() == 1) {
            since = nanos.getAsLong(); // before whoever asks next can see that there is none
        }
        open.decrementAndGet();
    }
}
