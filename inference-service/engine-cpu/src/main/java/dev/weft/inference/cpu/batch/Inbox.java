package dev.weft.inference.cpu.batch;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Commands of other threads to the owner thread. An ended inbox takes nothing: the owner's last
 * look sees every command that was taken, and later callers are told.
 */
final class Inbox<T> {
    private final LinkedBlockingQueue<T> queue = new LinkedBlockingQueue<>();
    private boolean ended; // guarded by this

    /**
     * Any thread.
     *
     * @return false if the inbox has ended and nobody will see the command
     */
    synchronized boolean add(T command) {
        return !ended && queue.add(command);
    }

    /** The next command; waits for it. The owner only. */
    T take() throws InterruptedException {
        return queue.take();
    }

    /** The next command; waits so long for it. Null if none comes. The owner only. */
    @Nullable T poll(Duration longest) throws InterruptedException {
        return queue.poll(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The next command, null if there is none now. The owner only. */
    @Nullable T poll() {
        return queue.poll();
    }

    /** Ends the inbox; commands in it can still be polled. The owner only. */
    synchronized void end() {
        ended = true;
    }
}
