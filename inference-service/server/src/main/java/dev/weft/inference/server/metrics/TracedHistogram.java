package dev.weft.inference.server.metrics;

import dev.weft.inference.engine.statistics.Histogram;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A histogram whose buckets lead to traces: each bucket has the trace of a recent request in it.
 * Without traces, recording allocates nothing. Any thread.
 */
final class TracedHistogram implements Collector {
    /**
     * An exemplar is kept this long: a newer one would be no better, and scrapers come far more
     * seldom.
     */
    private static final long KEPT_MILLIS = 1_000;

    /** A request's trace, as in W3C's Trace Context. */
    record Trace(String traceId, String spanId) {}

    private final MetricMetadata about;
    private final double[] bounds;
    private final Histogram values;
    private final AtomicReferenceArray<@Nullable Exemplar> exemplars;
    private final Clock clock;

    /**
     * An empty histogram.
     *
     * @param bounds upper ends of the buckets, inclusive, rising
     */
    TracedHistogram(String name, String help, double[] bounds, Clock clock) {
        this.about = new MetricMetadata(name, help);
        this.bounds = bounds.clone();
        this.values = new Histogram(bounds);
        this.exemplars = new AtomicReferenceArray<>(bounds.length + 1);
        this.clock = clock;
    }

    /**
     * Counts a value.
     *
     * @param trace null if the request has none
     */
    void record(double value, @Nullable Trace trace) {
        values.record(value);
        if (trace == null) {
            return;
        }
        int bucket = 0;
        while (bucket < bounds.length && value > bounds[bucket]) {
            bucket++;
        }
        long now = clock.millis();
        Exemplar before = exemplars.get(bucket);
        // an exemplar from later than now was made before the clock was set back
        if (before == null || Math.abs(now - before.getTimestampMillis()) >= KEPT_MILLIS) {
            exemplars.set(
                    bucket,
                    Exemplar.builder()
                            .value(value)
                            .traceId(trace.traceId)
                            .spanId(trace.spanId)
                            .timestampMillis(now)
                            .build());
        }
    }

    @Override
    public MetricSnapshot collect() {
        List<Exemplar> now = new ArrayList<>();
        for (int bucket = 0; bucket < exemplars.length(); bucket++) {
            Exemplar exemplar = exemplars.get(bucket);
            if (exemplar != null) {
                now.add(exemplar);
            }
        }
        return new HistogramSnapshot(
                about,
                List.of(
                        MetricFamilies.buckets(
                                Labels.EMPTY, values.snapshot(), Exemplars.of(now))));
    }

    @Override
    public String getPrometheusName() {
        return about.getPrometheusName();
    }
}
