package dev.weft.inference.cpu.batch;

import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * What other threads want of the owner thread. Once it has ended it takes nothing any more, so that
 * whatever was taken is seen by the owner's last look, and whoever comes later is told.
 */
final class Inbox<T> {
    private final LinkedBlockingQueue<T> queue = new LinkedBlockingQueue<>();
    private boolean ended; // guarded by this

    /**
     * Any thread.
     *
     * @return false where it has ended, and nobody will see the command
     */
    synchronized boolean add(T command) {
        return !ended && queue.add(command);
    }

    /** The next command; waits for it. The owner only. */
    T take() throws InterruptedException {
        return queue.take();
    }

    /** The next command, null where there is none now. The owner only. */
    @Nullable T poll() {
        return queue.poll();
    }

    /** Takes no more; what is in it can still be polled. The owner only. */
    synchronized void end() {
        ended = true;
    }
}
