package dev.weft.gateway.ahead;

import dev.weft.access.client.ServiceClient;
import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.loop.Loop;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.worker.AheadOrder;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders workers to load adapters before requests ask for them. It looks at the adapters that most
 * requests use, and {@link AheadPlan} names the workers. Nobody waits for an order; a lost one
 * costs only the wait that it would have saved. One loop.
 */
final class LoadingAhead implements AutoCloseable {
    private record Order(URI worker, AdapterDigest adapter) {}

    private static final Logger LOG = LoggerFactory.getLogger(LoadingAhead.class);
    private static final Duration LOOK = Duration.ofMillis(100);

    /** Time before an order may be repeated: the worker may have something better to do. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private static final Duration DEADLINE = Duration.ofSeconds(2);

    /** Adapters that are looked at; a choice takes microseconds for each worker. */
    private static final int MOST_ADAPTERS = 64;

    private final WorkerPool pool;
    private final AheadPlan plan;
    private final CatalogView view;
    private final KnownBases bases;
    private final ServiceClient workers;
    private final Loop loop;
    private final Map<Order, Long> ordered = new HashMap<>();

    LoadingAhead(
            WorkerPool pool,
            AheadPlan plan,
            CatalogView view,
            KnownBases bases,
            ServiceTls tls,
            Loops loops) {
        this.pool = pool;
        this.plan = plan;
        this.view = view;
        this.bases = bases;
        this.workers =
                new ServiceClient(pool.token(), tls.client().connectTimeout(DEADLINE).build());
        this.loop = loops.loop("loading-ahead", this::look);
    }

    void start() {
        loop.start();
    }

    private Duration look() {
        long now = System.nanoTime();
        ordered.values().removeIf(at -> now - at > AGAIN.toNanos());
        List<WorkerSnapshot> all = pool.snapshot();
        List<AdapterDemand> popular = popular(all);
        if (!popular.isEmpty()) {
            order(popular, all, now);
        }
        return LOOK;
    }

    private List<AdapterDemand> popular(List<WorkerSnapshot> all) {
        return pool.demand().entrySet().stream()
                .filter(entry -> AheadPlan.isPopular(entry.getValue()))
                .flatMap(entry -> demands(entry.getKey(), entry.getValue(), all))
                .filter(demand -> AheadPlan.isPopular(demand.requests()))
                .sorted(Comparator.comparingInt(AdapterDemand::all).reversed())
                .limit(MOST_ADAPTERS)
                .toList();
    }

    private void order(List<AdapterDemand> popular, List<WorkerSnapshot> all, long now) {
        Set<URI> busy = new HashSet<>();
        for (AdapterDemand demand : popular) {
            plan.next(demand, all)
                    .filter(busy::add)
                    .ifPresent(worker -> order(worker, demand, now));
        }
    }

    /**
     * The demand for an adapter's content, one for each base: it may be registered for several.
     * Empty if no name leads to the content any more.
     */
    private Stream<AdapterDemand> demands(
            AdapterDigest adapter, Map<URI, Integer> requests, List<WorkerSnapshot> all) {
        Map<String, AdapterDemand> byBase = new LinkedHashMap<>();
        for (CatalogEntry entry : view.entries(adapter)) {
            entry.pinned(adapter)
                    .ifPresent(version ->
                            byBase.computeIfAbsent(
                                    bases.of(version),
                                    base ->
                                            new AdapterDemand(
                                                    new Target.Adapter(
                                                            version.adapter().toString(),
                                                            version,
                                                            base),
                                                    at(base, requests, all))));
        }
        return byBase.values().stream();
    }

    /** The requests that are at workers of a base. */
    private static Map<URI, Integer> at(
            String base, Map<URI, Integer> requests, List<WorkerSnapshot> all) {
        Map<URI, Integer> there = new HashMap<>(requests);
        there.keySet()
                .retainAll(
                        all.stream()
                                .filter(worker -> worker.bases().containsKey(base))
                                .map(WorkerSnapshot::address)
                                .toList());
        return there;
    }

    private void order(URI worker, AdapterDemand demand, long now) {
        AdapterDigest adapter = demand.adapter().version().digest();
        if (ordered.putIfAbsent(new Order(worker, adapter), now) != null) {
            return;
        }
        LOG.debug("{} is to load adapter {} ahead", worker, adapter.abbreviated());
        var _ =
                workers.send(
                                workers.request(worker.resolve(AheadOrder.path(adapter)))
                                        .POST(BodyPublishers.noBody()),
                                BodyHandlers.discarding(),
                                DEADLINE)
                        .exceptionally(failure -> {
                            LOG.debug("{} does not take an order", worker, failure);
                            return null;
                        });
    }

    @Override
    public void close() {
        loop.close();
        workers.close();
    }
}
