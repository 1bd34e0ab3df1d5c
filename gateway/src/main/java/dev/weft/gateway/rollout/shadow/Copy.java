package dev.weft.gateway.rollout.shadow;

import dev.weft.gateway.worker.Lease;
import dev.weft.protocol.shadow.CopyOutcome;
import java.net.URI;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A copy that a worker has. Any thread may stop it.
 *
 * @param thread that waits for its answer
 * @param deadline in {@link System#nanoTime}
 */
record Copy(
        Thread thread,
        URI worker,
        String base,
        Lease lease,
        long deadline,
        AtomicReference<@Nullable CopyOutcome> stopped) {
    /** Breaks it off: the worker sees the connection close, and gives its row back. */
    void stop(CopyOutcome why) {
        if (stopped.compareAndSet(null, why)) {
            thread.interrupt();
        }
    }
}
