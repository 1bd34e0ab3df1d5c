package dev.weft.gateway.queue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Measures which requests wait for workers, and which are shed. Any thread. */
final class QueueMetrics {
    private final MeterRegistry registry;

    QueueMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Makes the meters of a base's queue, whose series exist at once, at 0.
     *
     * @return counts a request that is shed
     */
    Consumer<Shed> of(String base, BaseQueue queue) {
        Gauge.builder("weft.gateway.waiting", queue, BaseQueue::waiting)
                .description("Requests that wait at the gateway for a worker")
                .tag("base", base)
                .register(registry);
        Gauge.builder("weft.gateway.waiting.size", queue, BaseQueue::waitingBytes)
                .description("Bodies of requests that wait at the gateway for a worker")
                .baseUnit("bytes")
                .tag("base", base)
                .register(registry);
        Map<Shed, Counter> counters = new EnumMap<>(Shed.class);
        for (Shed reason : Shed.values()) {
            counters.put(reason, shed(base, reason));
        }
        return reason -> Objects.requireNonNull(counters.get(reason)).increment();
    }

    private Counter shed(String base, Shed reason) {
        return Counter.builder("weft.gateway.shed")
                .description("Requests that were not let wait for a worker, or not longer")
                .tag("base", base)
                .tag("reason", reason.tag())
                .register(registry);
    }
}
