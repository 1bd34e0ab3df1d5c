package dev.weft.catalog.worker;

import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.database.Database;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
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
    WorkerRetention workerRetention(Database database, Clock clock, Loops loops) {
        return new WorkerRetention(database, clock, loops);
    }

    @Bean
    ServiceStage forgettingWorkers(WorkerRetention retention) {
        return ServiceStage.beside(retention::start, retention::close);
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
