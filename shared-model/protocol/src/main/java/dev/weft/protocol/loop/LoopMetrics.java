package dev.weft.protocol.loop;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;

/**
 * The metrics of a service's loops, for Prometheus. They are there from the loops' start, at 0. Any
 * thread.
 */
public final class LoopMetrics implements MultiCollector {
    private static final MetricMetadata FAILURES =
            new MetricMetadata("weft_loop_failures", "Turns of background loops that failed");
    private static final MetricMetadata LAST_TURN =
            new MetricMetadata(
                    "weft_loop_last_turn_seconds",
                    "Since a turn of a background loop has been due or under way without a sign");

    private final Loops loops;

    public LoopMetrics(Loops loops) {
        this.loops = loops;
    }

    @Override
    public MetricSnapshots collect() {
        List<CounterDataPointSnapshot> failures = new ArrayList<>();
        loops.failures()
                .forEach((name, count) ->
                        failures.add(
                                new CounterDataPointSnapshot(
                                        (double) count, Labels.of("loop", name), null, 0)));
        List<GaugeDataPointSnapshot> ages = new ArrayList<>();
        loops.overdue()
                .forEach((name, age) ->
                        ages.add(
                                new GaugeDataPointSnapshot(
                                        age.toMillis() / 1000.0, Labels.of("loop", name), null)));
        return new MetricSnapshots(
                new CounterSnapshot(FAILURES, failures), new GaugeSnapshot(LAST_TURN, ages));
    }

    @Override
    public List<String> getPrometheusNames() {
        return List.of(FAILURES.getPrometheusName(), LAST_TURN.getPrometheusName());
    }
}
