package dev.weft.inference.server.metrics;

import dev.weft.inference.relay.host.RelayHost;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** The moves of adapters at a server beside the worker. */
final class RelayMetrics implements MultiCollector {
    private final RelayHost host;

    RelayMetrics(RelayHost host) {
        this.host = host;
    }

    @Override
    public MetricSnapshots collect() {
        MetricFamilies to = new MetricFamilies();
        EngineMetrics.moves(to, host.statistics());
        return to.all();
    }
}
