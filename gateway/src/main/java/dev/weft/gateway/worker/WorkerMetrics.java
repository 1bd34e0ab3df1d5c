package dev.weft.gateway.worker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** How many workers there are, by state. */
public final class WorkerMetrics {
    public WorkerMetrics(MeterRegistry registry, WorkerPool pool) {
        for (WorkerState state : WorkerState.values()) {
            Gauge.builder("weft.gateway.workers", pool, workers -> workers.count(state))
                    .description("Workers that the gateway knows")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }
}
