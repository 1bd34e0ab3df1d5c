package dev.weft.inference.server.http.outcome;

import dev.weft.inference.server.trace.CompletionTraces;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what all answers have in common: their traces, names and errors. */
@Configuration(proxyBeanMethods = false)
public class OutcomeConfiguration {
    @Bean
    TraceFilter traceFilter(CompletionTraces traces) {
        return new TraceFilter(traces);
    }

    @Bean
    RequestIdFilter requestIdFilter() {
        return new RequestIdFilter();
    }

    @Bean
    ErrorAnswers errorAnswers() {
        return new ErrorAnswers();
    }
}
