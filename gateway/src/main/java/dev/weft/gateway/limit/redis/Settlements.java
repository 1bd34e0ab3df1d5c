package dev.weft.gateway.limit.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what ended requests give back, until it is sent: before the next claim of the same key, or
 * after {@link #LONGEST}. So a client that ends one stream and begins another finds its place free,
 * and a busy gateway writes to Redis half as often. While the store is away all is kept, summed up
 * for each key; so is what the store did not answer, which may then be given back twice. Any
 * thread.
 */
final class Settlements {
    /**
     * Keys of which something is kept. What more keys give back while the store is away is lost.
     */
    static final int MOST_KEYS = 10_000;

    /** Leases that are kept, about 2 MB. Further ones run out by themselves. */
    static final int MOST_LEASES = 20_000;

    /** Keys that are sent at once, a few milliseconds of Redis. */
    static final int AT_ONCE = 500;

    private static final Duration LONGEST = Duration.ofMillis(20);
    private static final Logger LOG = LoggerFactory.getLogger(Settlements.class);

    private final Store store;
    private final Executor later;
    private final Map<Long, Owed> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger leases = new AtomicInteger();
    private final AtomicBoolean planned = new AtomicBoolean();
    private final AtomicBoolean toldFull = new AtomicBoolean();
    private volatile boolean held = true;

    /**
     * Holds all until the store is there.
     *
     * @param later runs a task a short time after it was given
     */
    Settlements(Store store, Executor later) {
        this.store = store;
        this.later = later;
    }

    /** Waits for {@link #LONGEST} on a thread of the JDK's. */
    static Executor soon() {
        return CompletableFuture.delayedExecutor(
                LONGEST.toMillis(), TimeUnit.MILLISECONDS, Runnable::run);
    }

    /** The store is away: sends nothing more. */
    void hold() {
        held = true;
    }

    /** The store is there. What was kept goes with {@link #sendSome}, or a claim of its key. */
    void release() {
        toldFull.set(false);
        held = false;
    }

    /** Takes one over. */
    void add(Settlement settlement) {
        if (!settlement.isNothing()) {
            keep(settlement);
            plan();
        }
    }

    private void keep(Settlement settlement) {
        Settlement fits = fitting(settlement);
        if (fits.isNothing()) {
            return;
        }
        waiting.compute(
                fits.key(),
                (key, before) -> {
                    Owed all = before == null ? new Owed(key) : before;
                    all.add(fits);
                    return all;
                });
    }

    /** Leaves out what there is no room for. */
    private Settlement fitting(Settlement settlement) {
        int more = settlement.leases().size();
        boolean room = waiting.size() < MOST_KEYS || waiting.containsKey(settlement.key());
        if (room && leases.addAndGet(more) <= MOST_LEASES) {
            return settlement;
        }
        if (toldFull.compareAndSet(false, true)) {
            LOG.warn(
                    "more ended requests than are remembered wait for Redis: some streams come free"
                        + " only when their leases run out, some tokens only as they grow back");
        }
        if (!room) {
            return Settlement.of(settlement.key(), List.of());
        }
        leases.addAndGet(-more);
        return settlement.withoutLeases();
    }

    private void plan() {
        if (!held && planned.compareAndSet(false, true)) {
            later.execute(this::sendPlanned);
        }
    }

    private void sendPlanned() {
        planned.set(false);
        sendSome();
    }

    /** Sends those of a key. */
    void send(long key) {
        Owed owed = held ? null : waiting.remove(key);
        if (owed != null) {
            send(owed.sum());
        }
    }

    private void send(Settlement sum) {
        leases.addAndGet(-sum.leases().size());
        CompletableFuture<?> _ =
                store.settle(sum)
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                keep(sum.again());
                            }
                        });
    }

    /** Sends those of some keys, and soon after those of the next. */
    void sendSome() {
        List<Long> keys = waiting.keySet().stream().limit(AT_ONCE + 1L).toList();
        keys.stream().limit(AT_ONCE).forEach(this::send);
        if (keys.size() > AT_ONCE) {
            plan();
        }
    }

    /** Sends all. */
    void sendAll() {
        waiting.keySet().forEach(this::send);
    }
}
