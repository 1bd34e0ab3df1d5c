package dev.weft.catalog.trace;

import dev.weft.tracing.Tracing;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires traces. */
@Configuration(proxyBeanMethods = false)
public class TraceConfiguration {
    @Bean
    IngestTraces ingestTraces(Tracing tracing, Clock clock) {
        return new IngestTraces(tracing, clock);
    }
}
