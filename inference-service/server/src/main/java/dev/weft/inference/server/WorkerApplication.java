package dev.weft.inference.server;

import dev.weft.inference.server.access.AccessConfiguration;
import dev.weft.service.WeftService;
import org.springframework.context.annotation.Import;

/** The worker as a Spring Boot application. */
@WeftService
@Import({
    AccessConfiguration.class,
    EngineConfiguration.class,
    ResidencyConfiguration.class,
    ServingConfiguration.class,
    MetricsConfiguration.class
})
class WorkerApplication {}
