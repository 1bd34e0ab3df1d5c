package dev.weft.catalog.fetch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * A bounded number of places for work of many tenants. Tenants take turns: the next place goes to
 * the tenant that got one longest ago, and no tenant ever has all places. So a tenant that
 * registers a thousand versions delays each other tenant as if it had registered one.
 *
 * <p>Safe for any thread; no work runs under the lock.
 */
public final class TenantPlaces {
    private final int mostOfOne;

    /** Those who wait, by tenant; the tenant that got a place longest ago first. */
    private final Map<String, Deque<Semaphore>> waiting = new LinkedHashMap<>();

    private final Map<String, Integer> taken = new HashMap<>();
    private int free;

    /**
     * @param places 2 or more
     */
    public TenantPlaces(int places) {
        this.mostOfOne = places - 1;
        this.free = places;
    }

    /** Waits for a place. All work before it has a deadline, so the wait ends. */
    public void take(String tenant) throws InterruptedException {
        Semaphore turn = new Semaphore(0);
        synchronized (this) {
            waiting.computeIfAbsent(tenant, _ -> new ArrayDeque<>()).add(turn);
            giveFree();
        }
        try {
            turn.acquire();
        } catch (InterruptedException e) {
            leave(tenant, turn);
            throw e;
        }
    }

    public synchronized void release(String tenant) {
        free++;
        taken.computeIfPresent(tenant, (_, count) -> count == 1 ? null : count - 1);
        giveFree();
    }

    private synchronized void leave(String tenant, Semaphore turn) {
        Deque<Semaphore> its = waiting.get(tenant);
        if (its == null || !its.remove(turn)) {
            release(tenant); // it got its place just before
        } else if (its.isEmpty()) {
            waiting.remove(tenant);
        }
    }

    private void giveFree() {
        while (free > 0 && giveOne()) {
            free--;
        }
    }

    private boolean giveOne() {
        Optional<String> next =
                waiting.keySet().stream()
                        .filter(tenant -> taken.getOrDefault(tenant, 0) < mostOfOne)
                        .findFirst();
        next.ifPresent(this::give);
        return next.isPresent();
    }

    private void give(String tenant) {
        Deque<Semaphore> its = Objects.requireNonNull(waiting.remove(tenant));
        its.remove().release();
        if (!its.isEmpty()) {
            waiting.put(tenant, its);
        }
        taken.merge(tenant, 1, Integer::sum);
    }
}
