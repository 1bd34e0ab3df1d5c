package dev.weft.inference.server.metrics;

import dev.weft.inference.engine.AdapterHost;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.residency.HeldAdapter;
import dev.weft.protocol.residency.Tier;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells which adapters are loaded, under the names that routers of the Gateway API Inference
 * Extension are to read: {@code gpu} is a slot of the engine, {@code cpu} its host memory.
 */
final class LoadedAdapterMetrics implements MultiCollector {
    private final AdapterHost host;
    private final AdapterResidency residency;
    private final CatalogView names;
    private final AdapterLabels labels;
    private final int mostLabels;

    /**
     * The metrics of one worker.
     *
     * @param mostLabels adapters that are named, those in slots first
     */
    LoadedAdapterMetrics(
            AdapterHost host,
            AdapterResidency residency,
            CatalogView names,
            AdapterLabels labels,
            int mostLabels) {
        this.host = host;
        this.residency = residency;
        this.names = names;
        this.labels = labels;
        this.mostLabels = mostLabels;
    }

    @Override
    public MetricSnapshots collect() {
        MetricFamilies to = new MetricFamilies();
        List<HeldAdapter> held = residency.held();
        Set<String> seen = new HashSet<>();
        List<GaugeDataPointSnapshot> points =
                held.stream()
                        .filter(adapter -> adapter.tier() != Tier.DISK)
                        .flatMap(adapter ->
                                labels.own(adapter.digest()).stream()
                                        .filter(name -> seen.add(name + adapter.tier()))
                                        .map(name -> labels(name, adapter)))
                        .limit(mostLabels)
                        .map(of -> MetricFamilies.point(of, 1))
                        .toList();
        to.gauge("vllm:lora_adapter_loaded", "Adapters in slots and in host memory", points);
        to.gauge(
                "vllm:num_gpu_loaded_lora_adapters",
                "Adapters in slots",
                (double) held.stream().filter(adapter -> adapter.tier() == Tier.SLOT).count());
        to.gauge("vllm:max_gpu_lora_adapters", "Slots", host.slots());
        return to.all();
    }

    private Labels labels(String name, HeldAdapter adapter) {
        return Labels.of(
                "adapter_name",
                name,
                "level",
                adapter.tier() == Tier.SLOT ? "gpu" : "cpu",
                "pinned",
                String.valueOf(adapter.pinned()),
                "rank",
                rank(adapter.digest()));
    }

    /** The rank of an adapter; empty if no name leads to it any more. */
    private String rank(AdapterDigest digest) {
        return names.entries(digest).stream()
                .flatMap(entry -> entry.pinned(digest).stream())
                .map(version -> String.valueOf(version.facts().rank()))
                .findFirst()
                .orElse("");
    }
}
