package dev.weft.inference.server.completion;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts something for each tenant. Tenants that have none are forgotten. Any thread. */
public final class TenantCounts {
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    /** A tenant has one more. */
    public void more(String tenant) {
        counts.merge(tenant, 1, Integer::sum);
    }

    /** A tenant has one less. */
    public void less(String tenant) {
        counts.computeIfPresent(tenant, (_, count) -> count == 1 ? null : count - 1);
    }

    /** The tenants that have any. */
    public Map<String, Integer> byTenant() {
        return Map.copyOf(counts);
    }
}
