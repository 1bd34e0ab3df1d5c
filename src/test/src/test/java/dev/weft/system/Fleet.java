package dev.weft.system;

import dev.weft.access.management.Management;
import dev.weft.access.tls.ServiceTls;
import dev.weft.catalog.CatalogOptions;
import dev.weft.catalog.CatalogService;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.DeploymentException;
import dev.weft.deployment.DeploymentFile;
import dev.weft.gateway.GatewayOptions;
import dev.weft.gateway.GatewayService;
import dev.weft.inference.server.WorkerOptions;
import dev.weft.inference.server.WorkerService;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.SourceConfiguration;
import dev.weft.tracing.TracingConfiguration;
import dev.weft.tracing.TracingSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Catalog, worker and gateway of a deployment file in this JVM, on free ports. */
final class Fleet implements AutoCloseable {
    private static final List<String> FREE_PORTS =
            List.of("weft.catalog.port=0", "weft.inference.port=0", "weft.gateway.port=0");

    private final CatalogService catalog;
    private final WorkerService worker;
    private final GatewayService gateway;

    private Fleet(CatalogService catalog, WorkerService worker, GatewayService gateway) {
        this.catalog = catalog;
        this.worker = worker;
        this.gateway = gateway;
    }

    /**
     * Starts all three and registers the file's adapters; every one is ready when this returns.
     *
     * @param data folder for state
     */
    static Fleet start(Path file, Path data, String... overrides) throws Exception {
        List<String> settings = new ArrayList<>(FREE_PORTS);
        settings.addAll(List.of(overrides));
        Deployment deployment = read(file, settings);
        Clock clock = Clock.systemUTC();
        CatalogService catalog = CatalogService.start(catalogOptions(deployment, data, clock));
        Admin admin = new Admin(catalog.address());
        for (Deployment.DeclaredAdapter adapter : deployment.adapters()) {
            admin.register(adapter.name(), adapter.repository());
        }
        WorkerService worker =
                WorkerService.start(
                        new WorkerOptions(
                                deployment.weft().inference(),
                                deployment.weft().metrics(),
                                deployment.weft().engine(),
                                WorkerOptions.Gpu.of(deployment),
                                deployment.weft().bindAddress(),
                                data.resolve("worker"),
                                deployment.checkpoint(),
                                SourceConfiguration.of(deployment, System.getenv()),
                                deployment.servedModelName(),
                                deployment.maxLoraRank(),
                                catalog.address(),
                                null,
                                false,
                                Management.SAME_PORT,
                                ServiceTls.OFF,
                                _ -> {},
                                clock,
                                tracing(deployment)));
        GatewayService gateway =
                GatewayService.start(
                        new GatewayOptions(
                                deployment.weft().gateway(),
                                deployment.weft().bindAddress(),
                                deployment.servedModelName(),
                                List.of(worker.address()),
                                catalog.address(),
                                null,
                                false,
                                Management.SAME_PORT,
                                ServiceTls.OFF,
                                deployment.weft().metrics(),
                                clock,
                                tracing(deployment),
                                deployment.weft().log()));
        for (Deployment.DeclaredAdapter adapter : deployment.adapters()) {
            admin.awaitReady(adapter.name());
        }
        Fleet fleet = new Fleet(catalog, worker, gateway);
        Http.awaitReady(fleet.gateway());
        return fleet;
    }

    private static TracingSettings tracing(Deployment deployment) {
        return TracingConfiguration.of(
                deployment.weft().tracing(), Map::of, Map.of("OTEL_BSP_SCHEDULE_DELAY", "200"));
    }

    private static Deployment read(Path file, List<String> settings) throws DeploymentException {
        return DeploymentFile.read(file, settings);
    }

    private static CatalogOptions catalogOptions(Deployment deployment, Path data, Clock clock) {
        List<Path> declared =
                deployment.adapters().stream()
                        .map(Deployment.DeclaredAdapter::repository)
                        .filter(repository -> repository.source() == RepositorySource.FILE)
                        .map(repository -> Path.of(repository.repo()))
                        .toList();
        return new CatalogOptions(
                deployment.weft().catalog(),
                deployment.weft().bindAddress(),
                data.resolve("catalog"),
                deployment.checkpoint(),
                deployment.servedModelName(),
                SourceConfiguration.of(deployment, System.getenv()),
                deployment.maxLoraRank(),
                deployment.loraPlugin().storage(),
                declared,
                deployment.weft().access(),
                null,
                Management.SAME_PORT,
                ServiceTls.OFF,
                clock,
                tracing(deployment));
    }

    URI gateway() {
        return gateway.address();
    }

    URI worker() {
        return worker.address();
    }

    Admin admin() {
        return new Admin(catalog.address());
    }

    void closeCatalog() {
        catalog.close();
    }

    @Override
    public void close() {
        gateway.close();
        worker.close();
        catalog.close();
    }
}
