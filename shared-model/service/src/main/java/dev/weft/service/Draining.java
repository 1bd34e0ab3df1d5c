package dev.weft.service;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Gives running requests time to finish when a service is told to end.
 *
 * @param requests that have not ended
 */
public record Draining(IntSupplier requests) {
    /** How soon the end of the last request is noticed. */
    private static final Duration LOOK = Duration.ofMillis(10);

    /**
     * Waits until no request runs, but not longer than the limit.
     *
     * @return the number of requests that still run
     */
    public int await(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (requests.getAsInt() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return requests.getAsInt();
    }
}
