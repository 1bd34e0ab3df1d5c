package dev.weft.inference.server;

import dev.weft.deployment.Deployment;
import dev.weft.inference.server.http.outcome.ErrorAnswers;
import dev.weft.inference.server.http.outcome.RequestIdFilter;
import dev.weft.inference.server.http.outcome.TraceFilter;
import dev.weft.inference.server.models.ModelDirectory;
import dev.weft.inference.server.trace.CompletionTraces;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.tracing.Tracing;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what the API has in common whatever the engine: names, traces, errors. */
@Configuration(proxyBeanMethods = false)
class AnswerConfiguration {
    @Bean
    CompletionTraces completionTraces(Tracing tracing, Clock clock) {
        return new CompletionTraces(tracing, clock);
    }

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

    @Bean
    ModelDirectory modelDirectory(Deployment deployment, Clock clock, CatalogView names) {
        return new ModelDirectory(
                deployment.base().servedName(),
                deployment.base().checkpoint().toString(),
                clock.instant(),
                names);
    }
}
