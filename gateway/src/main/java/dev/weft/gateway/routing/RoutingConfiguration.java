package dev.weft.gateway.routing;

import dev.weft.protocol.feed.CatalogView;
import dev.weft.service.ServedBase;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires look-up and choice. */
@Configuration(proxyBeanMethods = false)
public class RoutingConfiguration {
    @Bean
    Targets targets(ServedBase base, CatalogView view) {
        return new Targets(base, view);
    }

    @Bean
    WorkerChoice workerChoice(ServedBase base, RandomGenerator random) {
        return new WorkerChoice(base, random);
    }
}
