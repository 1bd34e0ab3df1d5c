package dev.weft.inference.cpu.batch.choice;

import dev.weft.inference.engine.fair.FairQueue;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Runs masks on some threads. Tenants take turns: the next one is of the tenant with the fewest
 * masks under way; among several, of the one whose masks took the least time lately. Any thread;
 * one lock, held for no mask.
 */
final class MaskTurns {
    /**
     * A tenant's masks count as having had at most this much more time than those of the tenant
     * that has had the least.
     */
    private static final long MEMORY_NANOS = 1_000_000_000;

    private final Executor threads;
    private final FairQueue<MaskTask> queue =
            new FairQueue<>(
                    MaskTask::tenant, Comparator.comparingLong(MaskTask::number), MEMORY_NANOS);

    MaskTurns(Executor threads) {
        this.threads = threads;
    }

    /** Runs a mask when it is its turn. */
    void add(MaskTask task) {
        synchronized (this) {
            queue.add(task);
        }
        threads.execute(this::next);
    }

    /** Removes a mask that nobody waits for any more, if it has not begun. */
    synchronized void leave(MaskTask task) {
        queue.remove(waiting -> waiting.equals(task));
    }

    private void next() {
        Optional<MaskTask> task = begin();
        if (task.isPresent()) {
            try {
                task.get().run();
            } finally {
                end(task.get());
            }
        }
    }

    private synchronized Optional<MaskTask> begin() {
        Optional<MaskTask> next = queue.next();
        next.ifPresent(queue::place);
        return next;
    }

    private synchronized void end(MaskTask task) {
        queue.served(task, task.nanos(System.nanoTime()));
        queue.free(task);
    }
}
