package dev.weft.inference.server.metrics;

import dev.weft.bounds.memory.MemoryMetrics;
import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.deployment.Deployment;
import dev.weft.inference.engine.AdapterHost;
import dev.weft.inference.server.completion.RequestCounts;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.inference.server.residency.AheadLoads;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.service.settings.MetricsSettings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Joins the worker's metrics with those of its application context, the JVM's and the system's. */
@Configuration(proxyBeanMethods = false)
@Import(RequestCounts.class)
public class MetricsConfiguration {
    @Bean
    WorkerMetrics workerMetrics(
            WorkerMetrics.Of of, RequestCounts counts, MetricsSettings settings, Clock clock) {
        return new WorkerMetrics(of, counts.waiting(), settings, clock);
    }

    @Bean
    WorkerMetrics.Of measured(
            AdapterHost host,
            AdapterResidency residency,
            AheadLoads ahead,
            CatalogView names,
            Deployment deployment) {
        return new WorkerMetrics.Of(host, residency, ahead, names, deployment.base().servedName());
    }

    @Bean
    PrometheusRegistry registry(WorkerMetrics metrics) {
        return metrics.registry();
    }

    @Bean
    MemoryMetrics memoryMetrics() {
        return new MemoryMetrics(ProcessMemory.ofHeap());
    }

    /** Both addresses of metrics include the runtime's, whichever is asked first. */
    @Bean
    static LazyInitializationExcludeFilter metricsOfTheRuntime() {
        return LazyInitializationExcludeFilter.forBeanTypes(PrometheusMeterRegistry.class);
    }

    @Bean
    ExposedMetrics exposedMetrics(
            ObjectProvider<PrometheusMeterRegistry> registry, RuntimeMetrics runtime) {
        return new ExposedMetrics(registry::getObject, runtime);
    }
}
