package dev.weft.gateway.forward;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts requests by adapter and outcome. The adapter is a name of the catalog or the base's, never
 * what a client made up; the first {@link #MOST_NAMES} names get a label of their own, those after
 * them share {@code other}.
 */
final class ForwardMetrics {
    static final int MOST_NAMES = 500;
    static final String UNKNOWN = "unknown";
    static final String OTHER = "other";

    private final MeterProvider<Counter> requests;
    private final Counter replacements;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    ForwardMetrics(MeterRegistry registry) {
        requests =
                Counter.builder("weft.gateway.requests")
                        .description("Requests answered, by the model named and how it ended")
                        .withRegistry(registry);
        replacements =
                Counter.builder("weft.gateway.replacements")
                        .description(
                                "Attempts at a worker that failed before the first byte and were"
                                        + " made again at another one")
                        .register(registry);
        Gauge.builder("weft.gateway.requests.in.flight", inFlight, AtomicInteger::get)
                .description("Requests that are being answered")
                .register(registry);
    }

    void begun() {
        inFlight.incrementAndGet();
    }

    void ended(String adapter, Outcome outcome) {
        inFlight.decrementAndGet();
        requests.withTags("adapter", label(adapter), "outcome", outcome.tag()).increment();
    }

    void replaced() {
        replacements.increment();
    }

    private String label(String adapter) {
        if (adapter.equals(UNKNOWN) || names.contains(adapter)) {
            return adapter;
        }
        if (names.size() >= MOST_NAMES) {
            return OTHER;
        }
        names.add(adapter);
        return adapter;
    }
}
