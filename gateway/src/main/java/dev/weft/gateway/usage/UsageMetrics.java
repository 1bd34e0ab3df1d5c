package dev.weft.gateway.usage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Shows whether counts of usage reach the catalog. Any thread. */
final class UsageMetrics {
    private final Map<UsageReporter.Outcome, Counter> batches =
            new EnumMap<>(UsageReporter.Outcome.class);
    private final AtomicInteger waiting = new AtomicInteger();

    UsageMetrics(MeterRegistry registry) {
        for (UsageReporter.Outcome outcome : UsageReporter.Outcome.values()) {
            batches.put(
                    outcome,
                    Counter.builder("weft.gateway.usage.batches")
                            .description("Batches of usage that were sent to the catalog")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        Gauge.builder("weft.gateway.usage.waiting", waiting, AtomicInteger::get)
                .description("Subjects whose counts the catalog has not taken yet")
                .register(registry);
    }

    void sent(UsageReporter.Outcome outcome) {
        Counter counter = batches.get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }

    void waiting(int subjects) {
        waiting.set(subjects);
    }
}
