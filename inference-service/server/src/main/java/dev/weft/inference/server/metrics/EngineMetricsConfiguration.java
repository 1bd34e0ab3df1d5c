package dev.weft.inference.server.metrics;

import dev.weft.inference.engine.Engine;
import dev.weft.inference.server.completion.RequestCounts;
import dev.weft.inference.server.health.EngineWatch;
import dev.weft.inference.server.settings.EngineBeside;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the metrics of an engine in this process. */
@Conditional(EngineBeside.Not.class)
@Configuration(proxyBeanMethods = false)
@Import(ConstraintMetrics.class)
public class EngineMetricsConfiguration {
    @Bean
    EngineMetrics engineMetrics(Engine engine, RequestCounts counts) {
        return new EngineMetrics(engine, counts.waiting());
    }

    @Bean
    RuntimeMetrics runtimeMetrics(Engine engine) {
        return engine::runtimeMetrics;
    }

    @Bean
    StallMetrics stallMetrics(EngineWatch watch) {
        return new StallMetrics(watch::stalled, watch::stalls);
    }
}
