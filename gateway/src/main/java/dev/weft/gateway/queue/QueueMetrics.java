package dev.weft.gateway.queue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Measures which requests wait for workers, and which are shed. Any thread. */
final class QueueMetrics {
    private final MeterRegistry registry;

    QueueMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** The meters of a base's queue; its series exist at once, at 0. */
    OfBase of(String base, BaseQueue queue) {
        Gauge.builder("weft.gateway.waiting", queue, BaseQueue::waiting)
                .description("Requests that wait at the gateway for a worker")
                .tag("base", base)
                .register(registry);
        Gauge.builder("weft.gateway.waiting.size", queue, BaseQueue::waitingBytes)
                .description("Bodies of requests that wait at the gateway for a worker")
                .baseUnit("bytes")
                .tag("base", base)
                .register(registry);
        return new OfBase(
                Arrays.stream(Shed.values())
                        .collect(
                                Collectors.toMap(
                                        Function.identity(), reason -> shed(base, reason))));
    }

    private Counter shed(String base, Shed reason) {
        return Counter.builder("weft.gateway.shed")
                .description("Requests that were not let wait for a worker, or not longer")
                .tag("base", base)
                .tag("reason", reason.tag())
                .register(registry);
    }

    /** One base's. */
    record OfBase(Map<Shed, Counter> reasons) {
        void shed(Shed reason) {
            Counter counter = reasons.get(reason);
            if (counter == null) {
                throw new IllegalArgumentException(reason + " is not counted");
            }
            counter.increment();
        }
    }
}
