package dev.weft.gateway.limit.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Keeps what ended requests give back, until it is sent: before the next claim of the same key, or
 * after {@link #LONGEST}. So a client that ends one stream and begins another finds its place free,
 * and a busy gateway writes to Redis half as often. Any thread.
 */
final class Settlements {
    private static final Duration LONGEST = Duration.ofMillis(20);

    private final Consumer<Settlement> send;
    private final Executor later;
    private final Map<Long, List<Settlement>> waiting = new ConcurrentHashMap<>();
    private final AtomicBoolean planned = new AtomicBoolean();

    /**
     * Sends none yet.
     *
     * @param send must not block
     * @param later runs a task a short time after it was given
     */
    Settlements(Consumer<Settlement> send, Executor later) {
        this.send = send;
        this.later = later;
    }

    /** Waits for {@link #LONGEST} on a thread of the JDK's. */
    static Executor soon() {
        return CompletableFuture.delayedExecutor(
                LONGEST.toMillis(), TimeUnit.MILLISECONDS, Runnable::run);
    }

    /** Takes one over. */
    void add(Settlement settlement) {
        waiting.compute(
                settlement.claim().key(),
                (_, before) -> {
                    List<Settlement> all = before == null ? new ArrayList<>() : before;
                    all.add(settlement);
                    return all;
                });
        if (planned.compareAndSet(false, true)) {
            later.execute(this::sendAll);
        }
    }

    /** Sends those of a key. */
    void send(long key) {
        List<Settlement> all = waiting.remove(key);
        if (all != null) {
            all.forEach(send);
        }
    }

    /** Sends all. */
    void sendAll() {
        planned.set(false);
        waiting.keySet().forEach(this::send);
    }
}
