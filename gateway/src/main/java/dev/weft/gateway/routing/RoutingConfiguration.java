package dev.weft.gateway.routing;

import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.routing.name.Targets;
import dev.weft.gateway.routing.prefix.PrefixMemory;
import dev.weft.protocol.adapter.ServedBases;
import dev.weft.protocol.feed.CatalogView;
import java.util.List;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Wires look-up and choice. A further {@link WorkerFilter} or {@link WorkerScorer} takes part in
 * the choice once it is a bean. Filters and scores are asked in the order of their beans.
 */
@Configuration(proxyBeanMethods = false)
@Import({
    UntriedWorkers.class,
    ReadyWorkers.class,
    EjectedWorkers.class,
    WorkersOfTheBase.class,
    WorkersOfThePath.class
})
public class RoutingConfiguration {
    @Bean
    KnownBases knownBases(ServedBases declared, CatalogView view) {
        return new KnownBases(declared, view);
    }

    @Bean
    Targets targets(KnownBases bases, CatalogView view) {
        return new Targets(bases, view);
    }

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
    PrefixMemory prefixMemory() {
        return new PrefixMemory();
    }

    @Bean
    PrefixScore prefixScore(RoutingSettings weights, PrefixMemory memory) {
        return new PrefixScore(weights.prefixWeight(), memory);
    }

    @Bean
    AdapterAffinity adapterAffinity(RoutingSettings weights) {
        return new AdapterAffinity(weights.affinityWeight());
    }

    @Bean
    WorkerChoice workerChoice(
            List<WorkerFilter> filters, List<WorkerScorer> scorers, RandomGenerator random) {
        return new WorkerChoice(filters, scorers, random);
    }
}
