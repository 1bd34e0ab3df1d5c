package dev.weft.inference.server.metrics;

import dev.weft.inference.engine.statistics.AdapterStatistics;
import dev.weft.inference.relay.host.RelayHost;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;

/** The moves of adapters at a server beside the worker. */
public final class RelayMetrics implements MultiCollector {
    private final RelayHost host;

    public RelayMetrics(RelayHost host) {
        this.host = host;
    }

    @Override
    public MetricSnapshots collect() {
        Families to = new Families();
        AdapterStatistics adapters = host.statistics();
        Map<String, Double> evictions = new LinkedHashMap<>();
        evictions.put("slot", (double) adapters.slots().evictions());
        evictions.put("host", (double) adapters.hostCache().evictions());
        to.counter(
                "weft_adapter_evictions",
                "Adapters that left a tier, downwards",
                "tier",
                evictions);
        to.counter(
                "weft_adapter_reloads",
                "Adapters that came back from host memory",
                adapters.reloads());
        return to.all();
    }
}
