package dev.weft.inference.server.metrics;

import dev.weft.inference.engine.Engine;
import dev.weft.inference.server.completion.RequestTimes;
import dev.weft.inference.server.completion.WaitingRequests;
import dev.weft.inference.server.constraint.ConstraintTimes;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.service.MetricsSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.Set;

/** All that a worker shows of itself, put together. */
public final class WorkerMetrics {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final WaitingRequests waiting = new WaitingRequests();
    private final RequestTimes times;

    /**
     * The sources of the metrics.
     *
     * @param names of adapters
     * @param base served name of the base
     * @param constraints of answers
     */
    public record Of(
            Engine engine,
            AdapterResidency residency,
            CatalogView names,
            String base,
            ConstraintTimes constraints) {}

    /**
     * Registers the metrics. Those without a label, or with known values of it, are there from now
     * on.
     */
    public WorkerMetrics(Of of, MetricsSettings settings, Clock clock) {
        AdapterLabels labels = new AdapterLabels(of.names, of.base);
        QueueTimes queues =
                new QueueTimes(settings.maxAdapters(), Set.of(of.base, AdapterLabels.UNKNOWN));
        AdapterMetrics adapters =
                new AdapterMetrics(
                        of.engine,
                        of.residency,
                        waiting,
                        labels,
                        settings.maxAdapters(),
                        queues,
                        clock);
        registry.register(new EngineMetrics(of.engine, waiting));
        registry.register(adapters);
        registry.register(new ConstraintMetrics(of.constraints));
        this.times =
                settings.enabled()
                        ? new RequestMetrics(registry, adapters, clock)
                        : RequestTimes.IGNORED;
    }

    /** The registry with these metrics, to which others may add theirs. */
    public PrometheusRegistry registry() {
        return registry;
    }

    /** The counter to be told of requests that wait. */
    public WaitingRequests waiting() {
        return waiting;
    }

    /** The metrics to be told of requests' times. */
    public RequestTimes times() {
        return times;
    }
}
