package dev.weft.inference.server.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Tells whether the engine makes progress. Any thread. */
final class StallMetrics implements MultiCollector {
    private final Supplier<Duration> stalled;
    private final LongSupplier stalls;

    /**
     * @param stalled for how long the engine has stood still; zero while it doesn't
     * @param stalls how many times it did
     */
    StallMetrics(Supplier<Duration> stalled, LongSupplier stalls) {
        this.stalled = stalled;
        this.stalls = stalls;
    }

    @Override
    public MetricSnapshots collect() {
        MetricFamilies to = new MetricFamilies();
        to.gauge(
                "weft_engine_stalled_seconds",
                "Since the engine, which has requests, made its last step; 0 while it is not"
                        + " stalled",
                stalled.get().toMillis() / 1000.0);
        to.counter(
                "weft_engine_stalls",
                "Times that the engine made no step for too long",
                stalls.getAsLong());
        return to.all();
    }
}
