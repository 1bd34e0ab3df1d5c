package dev.weft.gateway.health;

import dev.weft.gateway.worker.ProbedState;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.gateway.worker.WorkerWatcher;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures the number of workers by state, the age of the state that each last told, and how often
 * each was kept from requests. The series of a worker that the gateway forgets are removed.
 */
public final class WorkerCountMetrics implements WorkerWatcher {
    private final MeterRegistry registry;
    private final WorkerPool pool;
    private final Map<URI, List<Meter>> meters = new ConcurrentHashMap<>();

    public WorkerCountMetrics(MeterRegistry registry, WorkerPool pool) {
        this.registry = registry;
        this.pool = pool;
        for (ProbedState state : ProbedState.values()) {
            Gauge.builder("weft.gateway.workers", pool, workers -> workers.count(state))
                    .description("Workers that the gateway knows")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        pool.watch(this);
    }

    @Override
    public void joined(URI worker) {
        meters.put(worker, List.of(ejections(worker), stateAge(worker)));
    }

    private Meter ejections(URI worker) {
        return FunctionCounter.builder(
                        "weft.gateway.worker.ejections",
                        pool,
                        workers -> (double) workers.ejections(worker))
                .description("Times that failures have kept a worker from requests")
                .tag("worker", worker.toString())
                .register(registry);
    }

    private Meter stateAge(URI worker) {
        return Gauge.builder("weft.gateway.worker.state.age", pool, workers -> age(workers, worker))
                .description("Time since a worker last told its state")
                .baseUnit("seconds")
                .tag("worker", worker.toString())
                .register(registry);
    }

    @Override
    public void left(URI worker) {
        List<Meter> gone = meters.remove(worker);
        if (gone != null) {
            gone.forEach(registry::remove);
        }
    }

    /** Seconds since a worker told its state; not a number if it has told nothing. */
    private static double age(WorkerPool workers, URI worker) {
        return workers.stateAge(worker).map(age -> age.toMillis() / 1_000.0).orElse(Double.NaN);
    }
}
