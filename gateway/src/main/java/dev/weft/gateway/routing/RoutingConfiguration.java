package dev.weft.gateway.routing;

import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.routing.name.Targets;
import dev.weft.gateway.routing.prefix.PrefixMemory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Wires the look-up of names and the choice of workers. A further {@link WorkerFilter} or {@link
 * WorkerScorer} takes part in the choice once it is a bean. Filters and scores are asked in the
 * order of their beans.
 */
@Configuration(proxyBeanMethods = false)
@Import({
    UntriedWorkers.class,
    ReadyWorkers.class,
    EjectedWorkers.class,
    WorkersOfTheBase.class,
    WorkersOfThePath.class,
    KnownBases.class,
    Targets.class,
    WorkerChoice.class,
    PrefixMemory.class
})
public class RoutingConfiguration {
    @Bean
    ResidencyScore residencyScore(RoutingSettings weights) {
        return new ResidencyScore(weights.residencyWeight());
    }

    @Bean
    QueueScore queueScore(RoutingSettings weights) {
        return new QueueScore(weights.queueWeight());
    }

    @Bean
    LoadScore loadScore(RoutingSettings weights) {
        return new LoadScore(weights.loadWeight());
    }

    @Bean
    KvScore kvScore(RoutingSettings weights) {
        return new KvScore(weights.kvWeight());
    }

    @Bean
    PrefixScore prefixScore(RoutingSettings weights, PrefixMemory memory) {
        return new PrefixScore(weights.prefixWeight(), memory);
    }

    @Bean
    AdapterAffinity adapterAffinity(RoutingSettings weights) {
        return new AdapterAffinity(weights.affinityWeight());
    }
}
