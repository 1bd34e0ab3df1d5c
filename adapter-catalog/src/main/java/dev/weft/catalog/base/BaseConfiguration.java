package dev.weft.catalog.base;

import dev.weft.deployment.Deployment;
import dev.weft.deployment.Fleet;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the bases. */
@Configuration(proxyBeanMethods = false)
@Import(BasesController.class)
public class BaseConfiguration {
    @Bean
    @ConditionalOnMissingBean
    Fleet fleet(Deployment deployment) {
        return Fleet.of(deployment);
    }
}
