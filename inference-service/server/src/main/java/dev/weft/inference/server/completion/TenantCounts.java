package dev.weft.inference.server.completion;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What tenants have of something. Tenants that have none are forgotten. Any thread. */
public final class TenantCounts {
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    /** A tenant has one more. */
    public void more(String tenant) {
        counts.merge(tenant, 1, Integer::sum);
    }

    /** A tenant has so many less. */
    public void less(String tenant, int count) {
        counts.computeIfPresent(tenant, (_, before) -> before <= count ? null : before - count);
    }

    /** Those that have any. */
    public Map<String, Integer> byTenant() {
        return Map.copyOf(counts);
    }
}
