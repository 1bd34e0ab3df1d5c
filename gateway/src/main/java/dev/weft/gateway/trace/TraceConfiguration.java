package dev.weft.gateway.trace;

import dev.weft.deployment.WeftSettings;
import dev.weft.tracing.Tracing;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires traces. */
@Configuration(proxyBeanMethods = false)
public class TraceConfiguration {
    @Bean
    RequestTraces requestTraces(Tracing tracing, Clock clock, WeftSettings.Log log) {
        return new RequestTraces(tracing, clock, log.requests());
    }
}
