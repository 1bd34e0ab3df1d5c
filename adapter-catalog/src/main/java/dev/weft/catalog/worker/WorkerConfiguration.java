package dev.weft.catalog.worker;

import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.database.Database;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires workers, their reports, and their admin API. */
@Configuration(proxyBeanMethods = false)
public class WorkerConfiguration {

    @Bean
    Workers workers(Database database, Clock clock) {
        return new Workers(database, clock);
    }

    @Bean
    ReportController reportController(Workers workers) {
        return new ReportController(workers);
    }

    @Bean
    WorkersController workersController(Workers workers, Registry registry) {
        return new WorkersController(workers, registry);
    }
}
