package dev.weft.inference.server;

import dev.weft.inference.server.metrics.ExposedMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.Supplier;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.context.support.GenericApplicationContext;

/** Joins the worker's metrics with those of its application context, the JVM's and the system's. */
final class MetricsConfiguration {
    private MetricsConfiguration() {}

    /** Has the context add its metrics to the worker's; the answer gives all of them as text. */
    static ExposedMetrics register(
            GenericApplicationContext beans,
            PrometheusRegistry registry,
            Supplier<String> runtime) {
        beans.registerBean(PrometheusRegistry.class, () -> registry);
        // both addresses of metrics include the runtime's, whichever is asked first
        beans.registerBean(
                LazyInitializationExcludeFilter.class,
                () -> LazyInitializationExcludeFilter.forBeanTypes(PrometheusMeterRegistry.class));
        // the bean is there once the context has been refreshed
        return new ExposedMetrics(() -> beans.getBean(PrometheusMeterRegistry.class), runtime);
    }
}
