package dev.weft.catalog.worker;

import dev.weft.catalog.adapter.Registry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires reports of workers, and the admin API of workers. */
@Configuration(proxyBeanMethods = false)
public class WorkerConfiguration {

    @Bean
    ReportController reportController(Workers workers) {
        return new ReportController(workers);
    }

    @Bean
    WorkersController workersController(Workers workers, Registry registry) {
        return new WorkersController(workers, registry);
    }
}
