package dev.weft.gateway.trace;

import dev.weft.deployment.WeftSettings;
import dev.weft.tracing.Exemplars;
import dev.weft.tracing.SpanMetrics;
import dev.weft.tracing.Tracing;
import dev.weft.tracing.TracingSettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Wires traces. */
@Configuration(proxyBeanMethods = false)
public class TraceConfiguration {
    @Bean(destroyMethod = "close")
    Tracing tracing(TracingSettings settings) {
        return Tracing.start(settings, "weft-gateway");
    }

    @Bean
    @Lazy(false)
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
    RequestTraces requestTraces(Tracing tracing, Clock clock, WeftSettings.Log log) {
        return new RequestTraces(tracing, clock, log.requests());
    }
}
