package dev.weft.inference.relay.host;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** When a server that owes answers was last heard, and that it hangs. Any thread. */
public final class ServerSigns {
    private final AtomicInteger owed = new AtomicInteger();

    /** {@link System#nanoTime()} of the last sign, or of the first request that waits for one. */
    private volatile long last = System.nanoTime();

    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    /**
     * Has somebody told when the server is found to hang, and why that is believed. What it owes
     * then never comes.
     */
    public void whenHung(Consumer<String> listener) {
        listeners.add(listener);
    }

    void hung(String why) {
        listeners.forEach(listener -> listener.accept(why));
    }

    /** A request has gone to the server. */
    public void owed() {
        if (owed.getAndIncrement() == 0) {
            last = System.nanoTime();
        }
    }

    /** A request has ended, in whatever way. */
    public void settled() {
        owed.decrementAndGet();
    }

    /** The server has sent something. */
    public void heard() {
        last = System.nanoTime();
    }

    /** How long it has sent nothing to anybody; zero if it owes no answer. */
    Duration quiet() {
        return owed.get() == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - last);
    }
}
