package dev.weft.gateway.usage;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** Shows what the catalog has not taken yet. Any thread. */
final class UsageMetrics {
    private final AtomicInteger waiting = new AtomicInteger();

    UsageMetrics(MeterRegistry registry) {
        Gauge.builder("weft.gateway.usage.waiting", waiting, AtomicInteger::get)
                .description("Subjects whose counts the catalog has not taken yet")
                .register(registry);
    }

    void waiting(int subjects) {
        waiting.set(subjects);
    }
}
