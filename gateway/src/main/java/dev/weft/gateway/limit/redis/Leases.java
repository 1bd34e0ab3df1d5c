package dev.weft.gateway.limit.redis;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The leases of limited streams that run at this gateway. Any thread. */
final class Leases {
    private final String gateway;
    private final AtomicLong last = new AtomicLong();
    private final Map<Long, Set<String>> running = new ConcurrentHashMap<>();

    /**
     * @param gateway name that no other gateway has
     */
    Leases(String gateway) {
        this.gateway = gateway;
    }

    /** A name that no lease has had before. */
    String next() {
        return gateway + "-" + Long.toString(last.incrementAndGet(), Character.MAX_RADIX);
    }

    void add(long key, String lease) {
        running.compute(
                key,
                (_, leases) -> {
                    Set<String> all = leases == null ? ConcurrentHashMap.newKeySet() : leases;
                    all.add(lease);
                    return all;
                });
    }

    void remove(long key, String lease) {
        running.computeIfPresent(
                key,
                (_, leases) -> {
                    leases.remove(lease);
                    return leases.isEmpty() ? null : leases;
                });
    }

    /** The keys that have leases. */
    Set<Long> keys() {
        return Set.copyOf(running.keySet());
    }

    /** The leases of a key now. */
    List<String> of(long key) {
        return List.copyOf(running.getOrDefault(key, Set.of()));
    }
}
