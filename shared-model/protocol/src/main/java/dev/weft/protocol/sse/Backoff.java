package dev.weft.protocol.sse;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between connections. They double from a first one to 3 s, and each is drawn between half
 * of that and all of it, so that followers of one service do not come back in step. For one thread.
 */
public final class Backoff {
    private static final long FIRST_MILLIS = 200;

    /** Together with the time for a connection, a service that is back is heard within 5 s. */
    private static final long LONGEST_MILLIS = 3_000;

    private long first = FIRST_MILLIS;
    private long next = FIRST_MILLIS;

    /** The next pause. */
    public Duration next() {
        long pause = next / 2 + ThreadLocalRandom.current().nextLong(next / 2 + 1);
        next = Math.min(next * 2, LONGEST_MILLIS);
        return Duration.ofMillis(pause);
    }

    /** All works again: the next pause is the first. */
    public void reset() {
        next = first;
    }

    /** The other side asks for pauses of at least that length. */
    public void atLeast(long millis) {
        first = Math.clamp(millis, FIRST_MILLIS, LONGEST_MILLIS);
        next = Math.max(next, first);
    }
}
