package dev.weft.inference.server;

import dev.weft.bounds.memory.MemoryMetrics;
import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.deployment.Deployment;
import dev.weft.inference.engine.Engine;
import dev.weft.inference.server.constraint.ConstraintTimes;
import dev.weft.inference.server.health.EngineWatch;
import dev.weft.inference.server.metrics.ExposedMetrics;
import dev.weft.inference.server.metrics.StallMetrics;
import dev.weft.inference.server.metrics.WorkerMetrics;
import dev.weft.inference.server.residency.AdapterResidency;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.service.MetricsSettings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Joins the worker's metrics with those of its application context, the JVM's and the system's. */
@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {
    @Bean
    ConstraintTimes constraintTimes() {
        return new ConstraintTimes();
    }

    @Bean
    WorkerMetrics workerMetrics(
            Engine engine,
            AdapterResidency residency,
            CatalogView names,
            Deployment deployment,
            ConstraintTimes constraints,
            MetricsSettings settings,
            Clock clock) {
        return new WorkerMetrics(
                new WorkerMetrics.Of(
                        engine, residency, names, deployment.base().servedName(), constraints),
                settings,
                clock);
    }

    @Bean
    PrometheusRegistry registry(WorkerMetrics metrics) {
        return metrics.registry();
    }

    @Bean
    MemoryMetrics memoryMetrics() {
        return new MemoryMetrics(ProcessMemory.ofHeap());
    }

    @Bean
    StallMetrics stallMetrics(EngineWatch watch) {
        return new StallMetrics(watch);
    }

    /** Both addresses of metrics include the runtime's, whichever is asked first. */
    @Bean
    static LazyInitializationExcludeFilter metricsOfTheRuntime() {
        return LazyInitializationExcludeFilter.forBeanTypes(PrometheusMeterRegistry.class);
    }

    @Bean
    ExposedMetrics exposedMetrics(ObjectProvider<PrometheusMeterRegistry> registry, Engine engine) {
        return new ExposedMetrics(registry::getObject, engine::runtimeMetrics);
    }
}
