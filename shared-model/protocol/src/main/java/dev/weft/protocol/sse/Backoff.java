package dev.weft.protocol.sse;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between connections. They double from a first one to 3 s, and each is drawn between half
 * of that and all of it, so that followers of one service do not come back in step. For one thread.
 */
public final class Backoff {
    private static final long FIRST_MILLIS = 200;

    /** The longest pause: a service that is back is heard within 5 s, the connection included. */
    private static final long LONGEST_MILLIS = 3_000;

    private long first = FIRST_MILLIS;
    private long next = FIRST_MILLIS;

    /** The next pause. */
    public Duration next() {
        long pause = next / 2 + ThreadLocalRandom.current().nextLong(next / 2 + 1);
        next = Math.min(next * 2, LONGEST_MILLIS);
        return Duration.ofMillis(pause);
    }

    /** Makes the next pause the first one again, since all works. */
    public void reset() {
        next = first;
    }

    /**
     * Makes the first pause as long as the other side asks for, but 0.2 s at least and 3 s at most;
     * it is still drawn from half of that on.
     */
    public void atLeast(long millis) {
        first = Math.clamp(millis, FIRST_MILLIS, LONGEST_MILLIS);
        next = Math.max(next, first);
    }
}
