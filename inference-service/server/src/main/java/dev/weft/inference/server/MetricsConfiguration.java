package dev.weft.inference.server;

import dev.weft.inference.server.metrics.ExposedMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.Supplier;
import org.springframework.context.support.GenericApplicationContext;

/** Where the worker's metrics meet those of its application context, the JVM's and the system's. */
final class MetricsConfiguration {
    private MetricsConfiguration() {}

    /** Has the context add its metrics to the worker's; the answer gives all of them as text. */
    static ExposedMetrics register(
            GenericApplicationContext beans,
            PrometheusRegistry registry,
            Supplier<String> runtime) {
        beans.registerBean(PrometheusRegistry.class, () -> registry);
        // the bean is there once the context has been refreshed, when somebody asks
        return new ExposedMetrics(() -> beans.getBean(PrometheusMeterRegistry.class), runtime);
    }
}
