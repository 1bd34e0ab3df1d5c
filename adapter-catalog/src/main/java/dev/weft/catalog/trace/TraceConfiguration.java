package dev.weft.catalog.trace;

import dev.weft.tracing.Exemplars;
import dev.weft.tracing.SpanMetrics;
import dev.weft.tracing.Tracing;
import dev.weft.tracing.TracingSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires traces. */
@Configuration(proxyBeanMethods = false)
public class TraceConfiguration {
    @Bean(destroyMethod = "close")
    Tracing tracing(TracingSettings settings) {
        return Tracing.start(settings, "weft-catalog");
    }

    @Bean
    SpanMetrics spanMetrics(Tracing tracing, PrometheusRegistry registry) {
        SpanMetrics metrics = new SpanMetrics(tracing);
        registry.register(metrics);
        return metrics;
    }

    @Bean
    Exemplars exemplars() {
        return new Exemplars();
    }

    @Bean
    IngestTraces ingestTraces(Tracing tracing, Clock clock) {
        return new IngestTraces(tracing, clock);
    }
}
