package dev.weft.inference.server;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Supplier;
import org.springframework.context.support.GenericApplicationContext;

/** Where the worker's meters meet the registry of its application context. */
final class MetricsConfiguration {
    private MetricsConfiguration() {}

    /**
     * Registers the meters; the answer gives the whole registry as Prometheus text, then the
     * runtime's.
     */
    static Supplier<String> register(GenericApplicationContext beans, WorkerMetrics metrics) {
        beans.registerBean("workerMeters", MeterBinder.class, () -> metrics);
        // The registry is there once the context has been refreshed, when somebody asks.
        return () -> beans.getBean(PrometheusMeterRegistry.class).scrape() + metrics.ofRuntime();
    }
}
