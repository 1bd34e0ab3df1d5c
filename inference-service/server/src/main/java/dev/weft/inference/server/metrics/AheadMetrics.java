package dev.weft.inference.server.metrics;

import dev.weft.inference.server.residency.AheadLoads;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Tells the outcomes of gateways' orders to load adapters ahead. */
final class AheadMetrics implements MultiCollector {
    private final AheadLoads ahead;

    AheadMetrics(AheadLoads ahead) {
        this.ahead = ahead;
    }

    @Override
    public MetricSnapshots collect() {
        Map<String, Double> outcomes = new LinkedHashMap<>();
        for (AheadLoads.Outcome outcome : AheadLoads.Outcome.values()) {
            outcomes.put(outcome.name().toLowerCase(Locale.ROOT), (double) ahead.orders(outcome));
        }
        MetricFamilies to = new MetricFamilies();
        to.counter(
                "weft_adapter_ahead",
                "Orders of gateways to load an adapter before it is asked for",
                "outcome",
                outcomes);
        return to.all();
    }
}
