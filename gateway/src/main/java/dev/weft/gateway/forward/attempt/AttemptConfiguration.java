package dev.weft.gateway.forward.attempt;

import dev.weft.gateway.forward.request.Waiting;
import dev.weft.gateway.queue.RequestQueues;
import dev.weft.gateway.rollout.shadow.Copies;
import dev.weft.gateway.routing.RoutingSettings;
import dev.weft.gateway.routing.WorkerChoice;
import dev.weft.gateway.routing.prefix.PrefixMemory;
import dev.weft.gateway.worker.WorkerPool;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Wires what makes attempts. */
@Configuration(proxyBeanMethods = false)
public class AttemptConfiguration {
    @Bean
    @Lazy(false)
    AttemptMetrics attemptMetrics(MeterRegistry registry) {
        return new AttemptMetrics(registry);
    }

    @Bean
    WorkerSelection workerSelection(
            WorkerChoice choice,
            WorkerPool workers,
            RequestQueues queues,
            Waiting waiting,
            Copies copies) {
        return new WorkerSelection(choice, workers, queues, waiting, copies);
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
