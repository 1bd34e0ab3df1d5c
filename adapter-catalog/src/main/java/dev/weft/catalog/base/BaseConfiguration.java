package dev.weft.catalog.base;

import dev.weft.catalog.fetch.FileRoots;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.Fleet;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the bases. */
@Configuration(proxyBeanMethods = false)
public class BaseConfiguration {
    @Bean
    @ConditionalOnMissingBean
    Fleet fleet(Deployment deployment) {
        return Fleet.of(deployment);
    }

    @Bean
    BasesController basesController(Bases bases, FileRoots roots) {
        return new BasesController(bases, roots);
    }
}
