package dev.weft.standalone.launch;

import dev.weft.access.tls.ServiceTls;
import dev.weft.access.tls.TlsSettings;
import dev.weft.catalog.CatalogService;
import dev.weft.deployment.Deployment;
import dev.weft.gateway.GatewayService;
import dev.weft.inference.server.WorkerService;
import dev.weft.service.AddressSettings;
import dev.weft.service.DataFolder;
import dev.weft.service.ServedBases;
import dev.weft.service.ServiceName;
import dev.weft.service.ServiceStart;
import dev.weft.service.ServiceToken;
import dev.weft.standalone.adapters.client.CatalogToken;
import dev.weft.standalone.failure.CommandException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Starts services as a deployment file describes them. It doesn't start a service that the file
 * says runs elsewhere.
 *
 * @param data folder for state; each service gets its own folder below it
 * @param token the token that services send to the catalog; a catalog started here accepts it
 * @param tls their certificate and the certificates that they trust
 */
record DeployedServices(
        Deployment deployment, Path data, @Nullable String token, ServiceTls tls, Clock clock)
        implements Services {
    /**
     * The token for a deployment. It comes from the environment if the catalog is elsewhere; else
     * it is one that only this process knows.
     *
     * @param own whether the catalog is started in this process
     */
    static @Nullable String token(boolean own) {
        return own ? CatalogToken.internal() : CatalogToken.fromEnvironment().orElse(null);
    }

    /** The TLS settings of a deployment, with their files read. */
    static ServiceTls tls(Deployment deployment) throws CommandException {
        try {
            return ServiceTls.open(deployment.settings(TlsSettings.class));
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
        var service = CatalogService.start(start("catalog", settings()));
        return new RunningService(ServiceName.catalog, service.address(), service::close);
    }

    @Override
    public RunningService worker(URI catalog) {
        var service = WorkerService.start(start("worker", settings().withCatalog(catalog)));
        return new RunningService(ServiceName.worker, reachable(service.address()), service::close);
    }

    @Override
    public RunningService gateway(List<URI> workers, URI catalog) {
        var service =
                GatewayService.start(
                        start("gateway", settings().withCatalog(catalog).withWorkers(workers)));
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
        return deployment.settings(AddressSettings.class);
    }

    /** The addresses of the services. */
    Addresses addresses() {
        return new Addresses(settings(), tls);
    }

    private ServiceStart start(String folder, AddressSettings addresses) {
        return ServiceStart.of(deployment.settings().with(addresses))
                .with(Deployment.class, deployment)
                .with(ServedBases.class, ServedBases.of(deployment.base().servedName()))
                .with(DataFolder.class, new DataFolder(data.resolve(folder)))
                .with(ServiceToken.class, new ServiceToken(token))
                .with(ServiceTls.class, tls)
                .with(Clock.class, clock);
    }
}
