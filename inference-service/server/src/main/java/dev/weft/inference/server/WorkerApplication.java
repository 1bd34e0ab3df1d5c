package dev.weft.inference.server;

import dev.weft.inference.server.access.AccessConfiguration;
import dev.weft.inference.server.beside.RelayedAdaptersConfiguration;
import dev.weft.inference.server.beside.ServerConfiguration;
import dev.weft.inference.server.beside.ServerWatchConfiguration;
import dev.weft.inference.server.checkpoint.CheckpointConfiguration;
import dev.weft.inference.server.engine.EngineConfiguration;
import dev.weft.inference.server.health.EngineWatchConfiguration;
import dev.weft.inference.server.http.RoutesConfiguration;
import dev.weft.inference.server.http.ServingConfiguration;
import dev.weft.inference.server.http.outcome.ErrorAnswers;
import dev.weft.inference.server.http.outcome.RequestIdFilter;
import dev.weft.inference.server.http.outcome.TraceFilter;
import dev.weft.inference.server.http.relay.RelayConfiguration;
import dev.weft.inference.server.http.request.RequestConfiguration;
import dev.weft.inference.server.metrics.EngineMetricsConfiguration;
import dev.weft.inference.server.metrics.MetricsConfiguration;
import dev.weft.inference.server.metrics.RelayMetricsConfiguration;
import dev.weft.inference.server.models.NamesConfiguration;
import dev.weft.inference.server.prompt.PromptConfiguration;
import dev.weft.inference.server.residency.ResidencyConfiguration;
import dev.weft.inference.server.residency.artifact.ArtifactCacheConfiguration;
import dev.weft.inference.server.residency.report.ReportConfiguration;
import dev.weft.inference.server.state.StateConfiguration;
import dev.weft.inference.server.trace.CompletionTraces;
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
    NamesConfiguration.class,
    CheckpointConfiguration.class,
    ArtifactCacheConfiguration.class,
    ReportConfiguration.class,
    CompletionTraces.class,
    TraceFilter.class,
    RequestIdFilter.class,
    ErrorAnswers.class,
    MetricsConfiguration.class,
    EngineConfiguration.class,
    EngineWatchConfiguration.class,
    EngineMetricsConfiguration.class,
    ResidencyConfiguration.class,
    PromptConfiguration.class,
    RequestConfiguration.class,
    ServingConfiguration.class,
    ServerConfiguration.class,
    RelayedAdaptersConfiguration.class,
    ServerWatchConfiguration.class,
    RelayMetricsConfiguration.class,
    RelayConfiguration.class,
    RoutesConfiguration.class,
    StateConfiguration.class
})
public class WorkerApplication {
    /** Runs a worker by itself; see {@link ServiceApplication#run}. */
    public static void main(String[] arguments) {
        ServiceApplication.run(ServiceName.worker, WorkerApplication.class, arguments);
    }
}
