package dev.weft.gateway.worker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** Measures how many workers there are, by state. */
public final class WorkerCountMetrics {
    public WorkerCountMetrics(MeterRegistry registry, WorkerPool pool) {
        for (ProbedState state : ProbedState.values()) {
            Gauge.builder("weft.gateway.workers", pool, workers -> workers.count(state))
                    .description("Workers that the gateway knows")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }
}
