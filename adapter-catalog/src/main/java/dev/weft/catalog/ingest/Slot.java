package dev.weft.catalog.ingest;

import dev.weft.catalog.fetch.RejectedException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** A job's place among those at work. The job gives it up while it only waits. For one thread. */
final class Slot implements AutoCloseable {
    /** Work that may be interrupted. */
    interface Waiting<T> {
        T get() throws RejectedException, IOException, InterruptedException;
    }

    private final Semaphore slots;
    private boolean held;

    private Slot(Semaphore slots) {
        this.slots = slots;
    }

    /** Waits for a place. Each job at work has a deadline, so this ends. */
    static Slot take(Semaphore slots) throws InterruptedException {
        Slot slot = new Slot(slots);
        slot.take();
        return slot;
    }

    /** Lets other jobs work for that time. */
    void pause(Duration time) throws InterruptedException {
        release();
        Thread.sleep(time);
        take();
    }

    /** Lets other jobs work until {@code waiting} returns. */
    <T> T aside(Waiting<T> waiting) throws RejectedException, IOException, InterruptedException {
        release();
        T result = waiting.get();
        take();
        return result;
    }

    @Override
    public void close() {
        if (held) {
            release();
        }
    }

    private void take() throws InterruptedException {
        slots.acquire();
        held = true;
    }

    private void release() {
        held = false;
        slots.release();
    }
}
