package dev.weft.catalog.residency;

import dev.weft.catalog.registry.Workers;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires reports. */
@Configuration(proxyBeanMethods = false)
public class ResidencyConfiguration {

    @Bean
    ReportController reportController(Workers workers) {
        return new ReportController(workers);
    }
}
