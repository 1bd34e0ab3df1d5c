package dev.weft.gateway.limit.redis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** Shows whether limits are shared with other gateways. Any thread. */
public final class SharedMetrics {
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger gateways = new AtomicInteger(1);
    private final Counter shared;
    private final Counter estimated;

    public SharedMetrics(MeterRegistry registry) {
        Gauge.builder("weft.gateway.limits.connected", connected, AtomicInteger::get)
                .description("1 while Redis answers in time, else 0")
                .register(registry);
        Gauge.builder("weft.gateway.limits.gateways", gateways, AtomicInteger::get)
                .description("Gateways that share limits, as last seen in Redis")
                .register(registry);
        shared = decisions(registry, "redis");
        estimated = decisions(registry, "estimate");
    }

    private static Counter decisions(MeterRegistry registry, String by) {
        return Counter.builder("weft.gateway.limits.decisions")
                .description("Requests of keys with limits, by what decided about them")
                .tag("by", by)
                .register(registry);
    }

    void connected(boolean now) {
        connected.set(now ? 1 : 0);
    }

    void gateways(int seen) {
        gateways.set(seen);
    }

    void decidedByRedis() {
        shared.increment();
    }

    void decidedByEstimate() {
        estimated.increment();
    }
}
