package dev.weft.tracing;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;

/**
 * The outcomes of a service's spans, for Prometheus. They are there from the start, at 0, whether
 * traces are on or not. Any thread.
 */
public final class SpanMetrics implements Collector {
    private static final MetricMetadata SPANS =
            new MetricMetadata("weft_spans", "Spans by what has become of them");

    private final SpanCounts counts;

    public SpanMetrics(Tracing tracing) {
        this.counts = tracing.counts();
    }

    @Override
    public MetricSnapshot collect() {
        return new CounterSnapshot(
                SPANS,
                List.of(
                        point("sent", counts.sent()),
                        point("failed", counts.failed()),
                        point("dropped", counts.dropped())));
    }

    @Override
    public String getPrometheusName() {
        return SPANS.getPrometheusName();
    }

    private static CounterDataPointSnapshot point(String outcome, long spans) {
        return new CounterDataPointSnapshot((double) spans, Labels.of("outcome", outcome), null, 0);
    }
}
