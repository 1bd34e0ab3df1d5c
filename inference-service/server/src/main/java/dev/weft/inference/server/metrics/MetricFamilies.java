package dev.weft.inference.server.metrics;

import dev.weft.inference.engine.statistics.Histogram;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The metrics of one scrape. Names are as Prometheus shows them, but without {@code _total} of
 * counters and {@code _info} of infos, which the text format adds.
 */
final class MetricFamilies {
    private final List<MetricSnapshot> all = new ArrayList<>();

    MetricSnapshots all() {
        return new MetricSnapshots(all);
    }

    void gauge(String name, String help, double value) {
        gauge(name, help, List.of(point(Labels.EMPTY, value)));
    }

    /** One with a value for each value of a label. */
    void gauge(String name, String help, String label, Map<String, Double> values) {
        gauge(
                name,
                help,
                values.entrySet().stream()
                        .map(entry -> point(Labels.of(label, entry.getKey()), entry.getValue()))
                        .toList());
    }

    void gauge(String name, String help, List<GaugeDataPointSnapshot> points) {
        all.add(new GaugeSnapshot(new MetricMetadata(name, help), points));
    }

    static GaugeDataPointSnapshot point(Labels labels, double value) {
        return new GaugeDataPointSnapshot(value, labels, null);
    }

    void counter(String name, String help, long value) {
        counter(name, help, (double) value);
    }

    void counter(String name, String help, double value) {
        all.add(
                new CounterSnapshot(
                        new MetricMetadata(name, help), List.of(count(Labels.EMPTY, value))));
    }

    /** One with a value for each value of a label. */
    void counter(String name, String help, String label, Map<String, Double> values) {
        all.add(
                new CounterSnapshot(
                        new MetricMetadata(name, help),
                        values.entrySet().stream()
                                .map(entry ->
                                        count(Labels.of(label, entry.getKey()), entry.getValue()))
                                .toList()));
    }

    private static CounterDataPointSnapshot count(Labels labels, double value) {
        return new CounterDataPointSnapshot(value, labels, null, 0);
    }

    void histogram(String name, String help, Histogram.Snapshot values) {
        histogram(name, help, List.of(buckets(Labels.EMPTY, values, Exemplars.EMPTY)));
    }

    /** A histogram for each value of a label. */
    void histogram(String name, String help, String label, Map<String, Histogram.Snapshot> values) {
        histogram(
                name,
                help,
                values.entrySet().stream()
                        .map(entry ->
                                buckets(
                                        Labels.of(label, entry.getKey()),
                                        entry.getValue(),
                                        Exemplars.EMPTY))
                        .toList());
    }

    private void histogram(String name, String help, List<HistogramDataPointSnapshot> points) {
        all.add(new HistogramSnapshot(new MetricMetadata(name, help), points));
    }

    static HistogramDataPointSnapshot buckets(
            Labels labels, Histogram.Snapshot values, Exemplars exemplars) {
        List<Double> bounds = new ArrayList<>(values.bounds());
        bounds.add(Double.POSITIVE_INFINITY);
        return new HistogramDataPointSnapshot(
                ClassicHistogramBuckets.of(bounds, values.counts()),
                values.sum(),
                labels,
                exemplars,
                0);
    }

    /** A gauge that is 1 and says something by its labels. */
    void info(String name, String help, Labels labels) {
        all.add(
                new InfoSnapshot(
                        new MetricMetadata(name, help),
                        List.of(new InfoDataPointSnapshot(labels))));
    }
}
