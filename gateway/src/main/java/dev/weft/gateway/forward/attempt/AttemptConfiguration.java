package dev.weft.gateway.forward.attempt;

import dev.weft.gateway.routing.RoutingSettings;
import dev.weft.gateway.routing.prefix.PrefixMemory;
import dev.weft.gateway.worker.WorkerPool;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/** Wires the attempts of requests at workers. */
@Configuration(proxyBeanMethods = false)
@Import(WorkerSelection.class)
public class AttemptConfiguration {
    @Bean
    @Lazy(false)
    AttemptMetrics attemptMetrics(MeterRegistry registry) {
        return new AttemptMetrics(registry);
    }

    @Bean
    WorkerChoiceFilter workerChoiceFilter(
            WorkerSelection selection,
            WorkerPool workers,
            PrefixMemory prefixes,
            AttemptMetrics metrics,
            RoutingSettings settings) {
        RetryBudget budget = new RetryBudget(System::nanoTime);
        Retries retries = new Retries(selection, budget, metrics);
        return new WorkerChoiceFilter(
                selection,
                new WorkerAttempts(selection, retries, workers.token()),
                new Hedging(settings.hedgeAfter(), selection, budget),
                prefixes,
                metrics,
                retries,
                settings.explain());
    }
}
