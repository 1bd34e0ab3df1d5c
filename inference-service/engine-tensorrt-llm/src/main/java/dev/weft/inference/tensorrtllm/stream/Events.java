package dev.weft.inference.tensorrtllm.stream;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that calls listeners. Posting never blocks and wakes the thread only if it sleeps. */
public final class Events implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final Duration LAST_EVENTS = Duration.ofSeconds(5);

    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean asleep;
    private volatile boolean closed;

    public Events() {
        thread = Thread.ofPlatform().daemon().name("weft-tensorrt-llm").start(this::run);
    }

    /** Runs an event after those posted before. */
    public void post(Runnable event) {
        queue.add(event);
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    /** Runs the posted events and ends the thread. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            if (Thread.currentThread() != thread && !thread.join(LAST_EVENTS)) {
                LOG.error("a listener still runs after {}", LAST_EVENTS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            Runnable event = queue.poll();
            if (event != null) {
                handle(event);
            } else if (closed) {
                return;
            } else {
                sleep();
            }
        }
    }

    private void sleep() {
        asleep = true;
        if (queue.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    private static void handle(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException | Error e) {
            LOG.error("an event of a generation failed", e);
        }
    }
}
