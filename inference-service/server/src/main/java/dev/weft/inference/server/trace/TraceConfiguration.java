package dev.weft.inference.server.trace;

import dev.weft.tracing.Tracing;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the traces of requests. */
@Configuration(proxyBeanMethods = false)
public class TraceConfiguration {
    @Bean
    CompletionTraces completionTraces(Tracing tracing, Clock clock) {
        return new CompletionTraces(tracing, clock);
    }
}
