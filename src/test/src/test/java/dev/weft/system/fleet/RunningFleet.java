package dev.weft.system.fleet;

import dev.weft.access.management.Management;
import dev.weft.access.tls.ServiceTls;
import dev.weft.catalog.CatalogService;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.DeploymentException;
import dev.weft.deployment.DeploymentFile;
import dev.weft.gateway.GatewayService;
import dev.weft.inference.server.WorkerService;
import dev.weft.protocol.adapter.ServedBases;
import dev.weft.service.DataFolder;
import dev.weft.service.ServiceStart;
import dev.weft.service.ServiceToken;
import dev.weft.service.settings.AddressSettings;
import dev.weft.settings.secret.SecretSettings;
import dev.weft.tracing.TracingConfiguration;
import dev.weft.tracing.TracingOptions;
import dev.weft.tracing.TracingSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Catalog, worker and gateway of a deployment file in this JVM, on free ports. */
public final class RunningFleet implements AutoCloseable {
    private static final List<String> FREE_PORTS =
            List.of("weft.catalog.port=0", "weft.inference.port=0", "weft.gateway.port=0");

    private final CatalogService catalog;
    private final WorkerService worker;
    private final GatewayService gateway;

    private RunningFleet(CatalogService catalog, WorkerService worker, GatewayService gateway) {
        this.catalog = catalog;
        this.worker = worker;
        this.gateway = gateway;
    }

    /**
     * Starts all three and registers the file's adapters; every one is ready when this returns, and
     * the gateway lists it.
     *
     * @param data folder for state
     */
    public static RunningFleet start(Path file, Path data, String... overrides) throws Exception {
        List<String> settings = new ArrayList<>(FREE_PORTS);
        settings.addAll(List.of(overrides));
        Deployment deployment = read(file, settings);
        AddressSettings addresses = deployment.settings(AddressSettings.class);
        CatalogService catalog =
                CatalogService.start(start(deployment, data.resolve("catalog"), addresses));
        try {
            return start(deployment, data, addresses, catalog);
        } catch (Exception | AssertionError e) {
            catalog.close();
            throw e;
        }
    }

    private static RunningFleet start(
            Deployment deployment, Path data, AddressSettings known, CatalogService catalog)
            throws Exception {
        AddressSettings addresses = known.withCatalog(catalog.address());
        Admin admin = new Admin(catalog.address());
        for (Deployment.DeclaredAdapter adapter : deployment.lora().adapters()) {
            admin.register(adapter.name(), adapter.repository());
        }
        WorkerService worker =
                WorkerService.start(start(deployment, data.resolve("worker"), addresses));
        GatewayService gateway =
                GatewayService.start(
                        start(
                                deployment,
                                data.resolve("gateway"),
                                addresses.withWorkers(List.of(worker.address()))));
        RunningFleet fleet = new RunningFleet(catalog, worker, gateway);
        try {
            Http.awaitReady(fleet.gateway());
            for (Deployment.DeclaredAdapter adapter : deployment.lora().adapters()) {
                admin.awaitReady(adapter.name());
                Http.await("the gateway lists it", () -> lists(fleet.gateway(), adapter.name()));
            }
            return fleet;
        } catch (Exception | AssertionError e) {
            gateway.close();
            worker.close();
            throw e;
        }
    }

    /** Whether a gateway or a worker has heard of a model. */
    public static boolean lists(URI service, String model) throws Exception {
        return Http.get(service.resolve("/v1/models/" + model)).statusCode() == 200;
    }

    /** A worker alone. */
    public static WorkerService worker(Path file, Path data, String... overrides)
            throws DeploymentException {
        List<String> settings = new ArrayList<>(FREE_PORTS);
        settings.addAll(List.of(overrides));
        Deployment deployment = read(file, settings);
        return WorkerService.start(
                start(deployment, data, deployment.settings(AddressSettings.class)));
    }

    private static ServiceStart start(Deployment deployment, Path data, AddressSettings addresses) {
        return ServiceStart.of(deployment.settings().with(addresses))
                .with(Deployment.class, deployment)
                .with(ServedBases.class, ServedBases.of(deployment.base().servedName()))
                .with(DataFolder.class, new DataFolder(data))
                .with(ServiceToken.class, ServiceToken.NONE)
                .with(Management.class, Management.SAME_PORT)
                .with(ServiceTls.class, ServiceTls.OFF)
                .with(Clock.class, Clock.systemUTC())
                .with(
                        TracingOptions.class,
                        TracingConfiguration.of(
                                deployment.settings(TracingSettings.class),
                                deployment.settings(SecretSettings.class),
                                Map.of("OTEL_BSP_SCHEDULE_DELAY", "200")));
    }

    private static Deployment read(Path file, List<String> settings) throws DeploymentException {
        return DeploymentFile.read(file, settings);
    }

    public URI gateway() {
        return gateway.address();
    }

    public URI worker() {
        return worker.address();
    }

    public Admin admin() {
        return new Admin(catalog.address());
    }

    public void closeCatalog() {
        catalog.close();
    }

    @Override
    public void close() {
        gateway.close();
        worker.close();
        catalog.close();
    }
}
