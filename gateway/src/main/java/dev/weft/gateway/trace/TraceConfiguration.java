package dev.weft.gateway.trace;

import dev.weft.service.settings.LogSettings;
import dev.weft.tracing.Tracing;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires traces. */
@Configuration(proxyBeanMethods = false)
public class TraceConfiguration {
    @Bean
    RequestTraces requestTraces(Tracing tracing, Clock clock, LogSettings log) {
        return new RequestTraces(tracing, clock, log.requests());
    }
}
