package dev.weft.inference.server.metrics;

import dev.weft.inference.engine.AdapterHost;
import dev.weft.inference.server.completion.RequestTimes;
import dev.weft.inference.server.completion.WaitingRequests;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.AheadLoads;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.service.settings.MetricsSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.Set;

/** The metrics of a worker's adapters and of its requests' times, put together. */
public final class WorkerMetrics {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final RequestTimes times;

    /**
     * The sources of the metrics.
     *
     * @param names of adapters
     * @param base served name of the base
     */
    public record Of(
            AdapterHost host,
            AdapterResidency residency,
            AheadLoads ahead,
            CatalogView names,
            String base) {}

    /**
     * Registers the metrics. Those without a label, or with known values of it, are there from now
     * on.
     */
    WorkerMetrics(Of of, WaitingRequests waiting, MetricsSettings settings, Clock clock) {
        AdapterLabels labels = new AdapterLabels(of.names, of.base);
        QueueTimes queues =
                new QueueTimes(settings.maxAdapters(), Set.of(of.base, AdapterLabels.UNKNOWN));
        AdapterMetrics adapters =
                new AdapterMetrics(
                        of.host,
                        of.residency,
                        waiting,
                        labels,
                        settings.maxAdapters(),
                        queues,
                        clock);
        registry.register(adapters);
        registry.register(new AheadMetrics(of.ahead));
        registry.register(
                new LoadedAdapterMetrics(
                        of.host, of.residency, of.names, labels, settings.maxAdapters()));
        this.times =
                settings.enabled()
                        ? new ChoiceMetrics(registry, adapters, clock)
                        : RequestTimes.IGNORED;
    }

    /** The registry with these metrics, to which others may add theirs. */
    public PrometheusRegistry registry() {
        return registry;
    }

    /** The receiver of requests' times. */
    public RequestTimes times() {
        return times;
    }
}
