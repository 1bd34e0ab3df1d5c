package dev.weft.inference.server.metrics;

import dev.weft.inference.engine.AdapterHost;
import dev.weft.inference.engine.statistics.AdapterSizes;
import dev.weft.inference.server.completion.WaitingRequests;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.residency.Tier;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells in which tiers the adapters are, how many bytes they take there, and which ones requests
 * wait for.
 */
final class AdapterMetrics implements MultiCollector {
    private static final double MILLIS = 1e3;

    /**
     * The text format shows it with an underscore; the library keeps names that end with {@code
     * _info} to gauges that are always 1.
     */
    private static final String LORA_INFO = "vllm:lora_requests-info";

    private final AdapterHost host;
    private final AdapterResidency residency;
    private final WaitingRequests waiting;
    private final AdapterLabels labels;
    private final int mostLabels;
    private final QueueTimes queues;
    private final Clock clock;
    private Labels told = Labels.EMPTY;
    private double toldAt;

    AdapterMetrics(
            AdapterHost host,
            AdapterResidency residency,
            WaitingRequests waiting,
            AdapterLabels labels,
            int mostLabels,
            QueueTimes queues,
            Clock clock) {
        this.host = host;
        this.residency = residency;
        this.waiting = waiting;
        this.labels = labels;
        this.mostLabels = mostLabels;
        this.queues = queues;
        this.clock = clock;
    }

    @Override
    public MetricSnapshots collect() {
        MetricFamilies to = new MetricFamilies();
        requests(to);
        Map<Tier, Map<AdapterDigest, Long>> tiers = tiers();
        tiers(to, tiers);
        each(to, tiers);
        to.histogram(
                "weft_adapter_queue_seconds",
                "Seconds from a request's arrival to a row, the adapter's load included",
                "weft_adapter",
                queues.snapshot(here(tiers)));
        loads(to);
        return to.all();
    }

    /** One series, whose labels change; its value is the time of the last change. */
    private synchronized void requests(MetricFamilies to) {
        Set<AdapterDigest> awaited = new HashSet<>(waiting.adapters());
        awaited.addAll(residency.awaited());
        Labels now =
                Labels.of(
                        "max_lora",
                        String.valueOf(host.slots()),
                        "running_lora_adapters",
                        names(residency.resident()),
                        "waiting_lora_adapters",
                        names(awaited));
        if (!now.equals(told)) {
            told = now;
            toldAt = clock.millis() / MILLIS;
        }
        to.gauge(
                LORA_INFO,
                "Adapters in slots and adapters that requests wait for; when that last changed",
                List.of(MetricFamilies.point(now, toldAt)));
    }

    private String names(Collection<AdapterDigest> adapters) {
        Set<String> names = new TreeSet<>();
        adapters.forEach(adapter -> names.addAll(labels.all(adapter)));
        return String.join(",", names);
    }

    private Map<Tier, Map<AdapterDigest, Long>> tiers() {
        AdapterSizes memory = host.adapterSizes();
        Map<Tier, Map<AdapterDigest, Long>> tiers = new EnumMap<>(Tier.class);
        tiers.put(Tier.SLOT, memory.slots());
        tiers.put(Tier.HOST, memory.host());
        tiers.put(Tier.DISK, residency.onDisk());
        return tiers;
    }

    private static void tiers(MetricFamilies to, Map<Tier, Map<AdapterDigest, Long>> tiers) {
        Map<String, Double> counts = new LinkedHashMap<>();
        Map<String, Double> bytes = new LinkedHashMap<>();
        tiers.forEach((tier, adapters) -> {
            counts.put(tier.word(), (double) adapters.size());
            bytes.put(
                    tier.word(),
                    (double) adapters.values().stream().mapToLong(Long::longValue).sum());
        });
        to.gauge("weft_adapter_resident", "Adapters in a tier", "tier", counts);
        to.gauge("weft_adapter_memory_bytes", "What they take", "tier", bytes);
    }

    /** The adapters in the fastest tiers have a label of their own. */
    private void each(MetricFamilies to, Map<Tier, Map<AdapterDigest, Long>> tiers) {
        Set<String> own = new LinkedHashSet<>();
        List<GaugeDataPointSnapshot> points = new ArrayList<>();
        tiers.forEach((tier, adapters) -> {
            Map<String, Long> byLabel = new TreeMap<>();
            adapters.forEach((adapter, size) -> byLabel.merge(labels.of(adapter), size, Long::sum));
            Map<String, Long> shown = new TreeMap<>();
            byLabel.forEach((label, size) -> {
                boolean mine = own.contains(label) || (own.size() < mostLabels && own.add(label));
                shown.merge(mine ? label : AdapterLabels.OTHER, size, Long::sum);
            });
            shown.forEach((label, size) ->
                    points.add(
                            MetricFamilies.point(
                                    Labels.of("weft_adapter", label, "tier", tier.word()), size)));
        });
        to.gauge("weft_adapter_bytes", "What an adapter takes in the tiers where it lies", points);
    }

    /** Labels of the adapters in memory and of those that requests wait for. */
    private Set<String> here(Map<Tier, Map<AdapterDigest, Long>> tiers) {
        Set<String> here = new HashSet<>();
        for (Map.Entry<Tier, Map<AdapterDigest, Long>> tier : tiers.entrySet()) {
            if (tier.getKey() != Tier.DISK) {
                tier.getValue().keySet().forEach(adapter -> here.add(labels.of(adapter)));
            }
        }
        waiting.adapters().forEach(adapter -> here.add(labels.of(adapter)));
        return here;
    }

    private void loads(MetricFamilies to) {
        Map<String, Double> outcomes = new LinkedHashMap<>();
        outcomes.put("ok", (double) residency.loads().succeeded());
        outcomes.put("failed", (double) residency.loads().failed());
        to.counter(
                "weft_adapter_loads", "Adapters made ready from their files", "outcome", outcomes);
        to.histogram(
                "weft_adapter_load_seconds",
                "Seconds of a load, by stage",
                "stage",
                residency.loads().seconds());
    }

    /** A request has a row; null for the base. */
    void queued(@Nullable AdapterDigest adapter, double seconds) {
        queues.record(labels.of(adapter), seconds);
    }
}
