package dev.weft.gateway.worker;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.Locale;

/**
 * Measures how many workers there are, by state, how old is what each told of itself, and which
 * were kept from requests.
 */
public final class WorkerCountMetrics {
    public WorkerCountMetrics(MeterRegistry registry, WorkerPool pool) {
        for (ProbedState state : ProbedState.values()) {
            Gauge.builder("weft.gateway.workers", pool, workers -> workers.count(state))
                    .description("Workers that the gateway knows")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        for (URI worker : pool.addresses()) {
            FunctionCounter.builder(
                            "weft.gateway.worker.ejections",
                            pool,
                            workers -> (double) workers.ejections(worker))
                    .description("Times that failures have kept a worker from requests")
                    .tag("worker", worker.toString())
                    .register(registry);
            Gauge.builder("weft.gateway.worker.state.age", pool, workers -> age(workers, worker))
                    .description("Time since a worker last told its state")
                    .baseUnit("seconds")
                    .tag("worker", worker.toString())
                    .register(registry);
        }
    }

    /** Not a number if it has told nothing. */
    private static double age(WorkerPool workers, URI worker) {
        return workers.stateAge(worker).map(age -> age.toMillis() / 1_000.0).orElse(Double.NaN);
    }
}
