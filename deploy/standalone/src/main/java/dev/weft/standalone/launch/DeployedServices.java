package dev.weft.standalone.launch;

import dev.weft.access.tls.ServiceTls;
import dev.weft.access.tls.TlsSettings;
import dev.weft.catalog.CatalogService;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.Fleet;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.settings.DiscoverySettings;
import dev.weft.inference.server.WorkerService;
import dev.weft.protocol.adapter.ServedBases;
import dev.weft.service.DataFolder;
import dev.weft.service.LauncherToken;
import dev.weft.service.ServiceName;
import dev.weft.service.ServiceStart;
import dev.weft.service.ServiceToken;
import dev.weft.service.settings.AddressSettings;
import dev.weft.settings.BoundSettings;
import dev.weft.standalone.failure.CommandException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * Starts services as deployment files describe them. It doesn't start a service that the file says
 * runs elsewhere.
 *
 * @param data folder for state; each service gets its own folder below it
 * @param tokens of this process; a catalog started here accepts them
 * @param tls their certificate and the certificates that they trust
 */
record DeployedServices(Fleet fleet, Path data, LaunchTokens tokens, ServiceTls tls, Clock clock)
        implements Services {
    /** The TLS settings of a fleet, with their files read. */
    static ServiceTls tls(Fleet fleet) throws CommandException {
        try {
            return ServiceTls.open(fleet.settings(TlsSettings.class));
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public RunningService catalog() {
        URI elsewhere = settings().catalog().url();
        if (elsewhere != null) {
            return RunningService.elsewhere(ServiceName.catalog, elsewhere);
        }
        return ownCatalog();
    }

    /** Starts the catalog, even if the file names its address: all services may share that file. */
    RunningService ownCatalog() {
        var service =
                CatalogService.start(
                        start("catalog", fleet.settings())
                                .with(LauncherToken.class, new LauncherToken(tokens.launcher())));
        return new RunningService(ServiceName.catalog, service.address(), service::close);
    }

    @Override
    public int workers() {
        return fleet.deployments().size();
    }

    @Override
    public RunningService worker(int number, URI catalog) {
        var workers = new FleetWorkers(fleet);
        BoundSettings own = workers.settings(number);
        var service =
                WorkerService.start(
                        start(
                                        workers.folder(number),
                                        own.with(
                                                own.get(AddressSettings.class)
                                                        .withCatalog(catalog)))
                                .with(Deployment.class, fleet.deployments().get(number)));
        return new RunningService(ServiceName.worker, reachable(service.address()), service::close);
    }

    @Override
    public RunningService gateway(List<URI> workers, URI catalog) {
        var service =
                GatewayService.start(
                        start(
                                        "gateway",
                                        fleet.settings()
                                                .with(
                                                        settings()
                                                                .withCatalog(catalog)
                                                                .withWorkers(workers)))
                                .with(ServedBases.class, new ServedBases(fleet.bases())));
        return new RunningService(
                ServiceName.gateway,
                reachable(service.address()),
                new RunningService.Handle() {
                    @Override
                    public void close() {
                        service.close();
                    }

                    @Override
                    public boolean blind() {
                        return !service.catalogConnected();
                    }
                });
    }

    /** The address of a service on this machine. */
    private URI reachable(URI listens) {
        return tls.reachable(settings().bindAddress(), listens.getPort());
    }

    private AddressSettings settings() {
        return fleet.settings(AddressSettings.class);
    }

    /** The addresses of the services. */
    Addresses addresses() {
        return new Addresses(
                settings(),
                fleet.settings(DiscoverySettings.class).looks(),
                new FleetWorkers(fleet).ports(),
                tls);
    }

    private ServiceStart start(String folder, BoundSettings settings) {
        return ServiceStart.of(settings)
                .with(Fleet.class, fleet)
                .with(DataFolder.class, new DataFolder(data.resolve(folder)))
                .with(ServiceToken.class, new ServiceToken(tokens.services()))
                .with(ServiceTls.class, tls)
                .with(Clock.class, clock);
    }
}
