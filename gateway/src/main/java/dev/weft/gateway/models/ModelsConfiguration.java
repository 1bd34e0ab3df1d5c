package dev.weft.gateway.models;

import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.routing.name.Targets;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.protocol.feed.CatalogView;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the list of models. */
@Configuration(proxyBeanMethods = false)
public class ModelsConfiguration {
    @Bean
    ModelsController modelsController(
            KnownBases bases, Clock clock, CatalogView view, Targets targets, WorkerPool workers) {
        return new ModelsController(
                new VisibleModels(bases, clock.instant(), view, targets, workers));
    }
}
