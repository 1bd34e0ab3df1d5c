package dev.weft.gateway.limit;

import dev.weft.protocol.adapter.AdapterId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what limits refuse, by tenant. The first {@link #MOST} tenants have a label of their own,
 * the others share one. Any thread.
 */
final class LimitMetrics {
    static final int MOST = 200;
    private static final String OTHER = "other";

    /** The limit that was reached. */
    enum Reason {
        REQUESTS,
        TOKENS,
        STREAMS,
        BUDGET
    }

    private final MeterRegistry registry;
    private final Map<String, Map<Reason, Counter>> tenants = new ConcurrentHashMap<>();

    /** The default tenant's series exist at once, at 0. */
    LimitMetrics(MeterRegistry registry) {
        this.registry = registry;
        tenants.put(AdapterId.DEFAULT_TENANT, counters(AdapterId.DEFAULT_TENANT));
    }

    void refused(String tenant, Reason reason) {
        boolean own = tenants.size() < MOST || tenants.containsKey(tenant);
        Counter counter = tenants.computeIfAbsent(own ? tenant : OTHER, this::counters).get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    private Map<Reason, Counter> counters(String tenant) {
        Map<Reason, Counter> counters = new EnumMap<>(Reason.class);
        for (Reason reason : Reason.values()) {
            counters.put(
                    reason,
                    Counter.builder("weft.gateway.limited")
                            .description("Requests refused by a limit of their key")
                            .tag("tenant", tenant)
                            .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        return counters;
    }
}
