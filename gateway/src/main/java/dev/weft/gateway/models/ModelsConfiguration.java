package dev.weft.gateway.models;

import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.routing.name.Targets;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.protocol.feed.CatalogView;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Wires the list of models. */
@Configuration(proxyBeanMethods = false)
public class ModelsConfiguration {
    /** Lists of all tenants together: some of a hundred thousand adapters. */
    private static final long MOST_LISTS = 64L << 20;

    @Bean
    KeptLists keptLists(JsonMapper json) {
        return new KeptLists(json, MOST_LISTS, System::nanoTime);
    }

    @Bean
    ModelsController modelsController(
            KnownBases bases,
            Clock clock,
            CatalogView view,
            Targets targets,
            WorkerPool workers,
            KeptLists lists) {
        return new ModelsController(
                new VisibleModels(bases, clock.instant(), view, targets, workers), lists);
    }
}
