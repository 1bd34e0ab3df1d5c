package dev.weft.inference.server.metrics;

import dev.weft.inference.engine.statistics.AdapterStatistics;
import dev.weft.inference.relay.host.ServerLoad;
import dev.weft.inference.server.beside.RelayedRequests;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * The metrics of a server beside the worker that dashboards and alerts ask every worker for, under
 * the names that any engine's have: requests that the worker has sent there or keeps, how busy the
 * server says it is, and the moves of adapters. What a server does not say is left out. If it says
 * nothing of its load, all its requests count as running.
 */
final class RelayMetrics implements MultiCollector {
    private final Supplier<AdapterStatistics> adapters;
    private final IntFunction<RelayedRequests.Counts> requests;
    private final Supplier<Optional<ServerLoad.Told>> server;

    /**
     * @param requests counts the requests, given how many wait at the server
     * @param server what it said last
     */
    RelayMetrics(
            Supplier<AdapterStatistics> adapters,
            IntFunction<RelayedRequests.Counts> requests,
            Supplier<Optional<ServerLoad.Told>> server) {
        this.adapters = adapters;
        this.requests = requests;
        this.server = server;
    }

    @Override
    public MetricSnapshots collect() {
        MetricFamilies to = new MetricFamilies();
        Optional<ServerLoad.Told> told = server.get();
        RelayedRequests.Counts counts =
                requests.apply(told.map(ServerLoad.Told::waiting).orElse(0));
        EngineMetrics.running(to, counts.allRunning());
        told.ifPresent(now -> {
            EngineMetrics.waiting(to, counts.allWaiting());
            EngineMetrics.kvUsage(to, now.kvUsage());
            now.tokens().prompt().ifPresent(tokens -> EngineMetrics.prompt(to, tokens));
            now.tokens().generated().ifPresent(tokens -> EngineMetrics.generated(to, tokens));
        });
        EngineMetrics.moves(to, adapters.get());
        return to.all();
    }
}
