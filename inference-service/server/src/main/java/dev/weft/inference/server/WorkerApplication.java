package dev.weft.inference.server;

import dev.weft.inference.server.access.AccessConfiguration;
import dev.weft.service.CatalogClientConfiguration;
import dev.weft.service.ServiceApplication;
import dev.weft.service.ServiceName;
import dev.weft.service.WeftService;
import org.springframework.context.annotation.Import;

/** The worker as a Spring Boot application. */
@WeftService
@Import({
    CatalogClientConfiguration.class,
    AccessConfiguration.class,
    ResidencyConfiguration.class,
    AnswerConfiguration.class,
    MetricsConfiguration.class,
    EngineConfiguration.class,
    ServingConfiguration.class,
    RelayConfiguration.class,
    StateConfiguration.class
})
public class WorkerApplication {
    /** Runs a worker by itself; see {@link ServiceApplication#run}. */
    public static void main(String[] arguments) {
        ServiceApplication.run(ServiceName.worker, WorkerApplication.class, arguments);
    }
}
