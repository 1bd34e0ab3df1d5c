package dev.weft.bounds.memory;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;

/** Shows how much of the memory for requests is taken, for Prometheus. Any thread. */
public final class MemoryMetrics implements Collector {
    private static final MetricMetadata BYTES =
            new MetricMetadata(
                    "weft_request_memory_bytes",
                    "Of the memory that the process gives to requests: used by them, and free");

    private final ProcessMemory memory;

    public MemoryMetrics(ProcessMemory memory) {
        this.memory = memory;
    }

    @Override
    public MetricSnapshot collect() {
        long used = memory.takenBytes();
        return new GaugeSnapshot(
                BYTES, List.of(point("used", used), point("free", memory.mostBytes() - used)));
    }

    private static GaugeDataPointSnapshot point(String state, long bytes) {
        return new GaugeDataPointSnapshot((double) bytes, Labels.of("state", state), null);
    }

    @Override
    public String getPrometheusName() {
        return BYTES.getPrometheusName();
    }
}
