package dev.weft.catalog.worker;

import dev.weft.catalog.database.Database;
import dev.weft.protocol.loop.Loops;
import dev.weft.service.ServiceStage;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires workers, their reports, and their admin API. */
@Configuration(proxyBeanMethods = false)
@Import({Workers.class, ReportController.class, WorkersController.class})
public class WorkerConfiguration {
    @Bean
    WorkerRetention workerRetention(Database database, Clock clock, Loops loops) {
        return new WorkerRetention(database, clock, loops);
    }

    @Bean
    ServiceStage forgettingWorkers(WorkerRetention retention) {
        return ServiceStage.beside(retention::start, retention::close);
    }
}
