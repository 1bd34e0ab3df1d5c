package dev.weft.inference.server;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives running requests time to finish when the worker is told to end.
 *
 * @param requests that have not ended
 */
record Draining(IntSupplier requests, Duration timeout) {
    private static final Logger LOG = LoggerFactory.getLogger(Draining.class);

    /** How soon the end of the last request is noticed. */
    private static final Duration LOOK = Duration.ofMillis(10);

    /** Waits until no request runs, but not longer than the timeout. */
    void await() {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (requests.getAsInt() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        if (requests.getAsInt() > 0) {
            LOG.warn("{} requests have not finished in {}", requests.getAsInt(), timeout);
        }
    }
}
