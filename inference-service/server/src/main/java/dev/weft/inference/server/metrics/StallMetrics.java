package dev.weft.inference.server.metrics;

import dev.weft.inference.server.health.EngineWatch;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** Tells whether the engine makes progress. Any thread. */
public final class StallMetrics implements MultiCollector {
    private final EngineWatch watch;

    public StallMetrics(EngineWatch watch) {
        this.watch = watch;
    }

    @Override
    public MetricSnapshots collect() {
        Families to = new Families();
        to.gauge(
                "weft_engine_stalled_seconds",
                "Since the engine, which has requests, made its last step; 0 while it is not"
                        + " stalled",
                watch.stalled().toMillis() / 1000.0);
        to.counter(
                "weft_engine_stalls",
                "Times that the engine made no step for too long",
                watch.stalls());
        return to.all();
    }
}
