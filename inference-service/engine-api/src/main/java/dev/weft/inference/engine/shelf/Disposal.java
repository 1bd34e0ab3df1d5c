package dev.weft.inference.engine.shelf;

import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Frees adapters' memory at once, but never on the thread that gives it up. Closing a shared arena
 * stops every thread of the process for a moment (0.3 ms and more on two busy cores), and the
 * thread that ends an adapter's last generation is the one that runs the batch. Any thread.
 */
final class Disposal {
    private final Queue<ShelvedAdapter> doomed = new ConcurrentLinkedQueue<>();

    /** Frees adapters on a thread of its own. */
    void dispose(Collection<? extends ShelvedAdapter> adapters) {
        if (!adapters.isEmpty()) {
            doomed.addAll(adapters);
            Thread.ofVirtual().name("free-adapters").start(this::finish);
        }
    }

    /** Returns when all adapters that were handed over before are freed. */
    synchronized void finish() {
        for (ShelvedAdapter next = doomed.poll(); next != null; next = doomed.poll()) {
            next.close();
        }
    }
}
