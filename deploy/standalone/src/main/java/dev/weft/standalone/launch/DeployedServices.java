package dev.weft.standalone.launch;

import dev.weft.access.holder.Loopback;
import dev.weft.access.management.Management;
import dev.weft.access.tls.ServiceTls;
import dev.weft.catalog.CatalogOptions;
import dev.weft.catalog.CatalogService;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.Deployment.DeclaredAdapter;
import dev.weft.deployment.WeftSettings;
import dev.weft.gateway.GatewayOptions;
import dev.weft.gateway.GatewayService;
import dev.weft.inference.server.WorkerOptions;
import dev.weft.inference.server.WorkerService;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.SourceConfiguration;
import dev.weft.standalone.adapters.client.CatalogToken;
import dev.weft.standalone.failure.CommandException;
import dev.weft.tracing.TracingConfiguration;
import dev.weft.tracing.TracingSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    /** The worker's logger, which reports the progress of its start. */
    private static final Logger WORKER = LoggerFactory.getLogger("dev.weft.inference.start");

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
            return ServiceTls.open(deployment.weft().tls());
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public RunningService catalog() {
        URI elsewhere = deployment.weft().catalog().url();
        if (elsewhere != null) {
            return RunningService.elsewhere(ServiceName.catalog, elsewhere);
        }
        var service =
                CatalogService.start(
                        new CatalogOptions(
                                deployment.weft().catalog(),
                                deployment.weft().bindAddress(),
                                data.resolve("catalog"),
                                deployment.checkpoint(),
                                deployment.servedModelName(),
                                SourceConfiguration.of(deployment, System.getenv()),
                                deployment.maxLoraRank(),
                                deployment.loraPlugin().storage(),
                                declaredFolders(),
                                deployment.weft().access(),
                                token,
                                management(
                                        deployment.weft().catalog().managementPort(),
                                        deployment.weft().catalog().port(),
                                        deployment.weft().access().jwtIssuer() != null),
                                tls,
                                clock,
                                tracing()));
        return running(ServiceName.catalog, service.address(), service::close);
    }

    @Override
    public RunningService worker(URI catalog) {
        var service =
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
                                catalog,
                                token,
                                deployment.weft().access().keys(),
                                management(
                                        deployment.weft().inference().managementPort(),
                                        deployment.weft().inference().port(),
                                        false),
                                tls,
                                WORKER::info,
                                clock,
                                tracing()));
        return running(ServiceName.worker, service.address(), service::close);
    }

    @Override
    public RunningService gateway(List<URI> workers, URI catalog) {
        var service =
                GatewayService.start(
                        new GatewayOptions(
                                deployment.weft().gateway(),
                                deployment.weft().bindAddress(),
                                deployment.servedModelName(),
                                workers,
                                catalog,
                                token,
                                deployment.weft().access().keys(),
                                management(
                                        deployment.weft().gateway().managementPort(),
                                        deployment.weft().gateway().port(),
                                        false),
                                tls,
                                deployment.weft().metrics(),
                                clock,
                                tracing(),
                                deployment.weft().log()));
        return running(
                ServiceName.gateway,
                service.address(),
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

    /** The addresses of the services. */
    Addresses addresses() {
        return new Addresses(deployment.weft(), tls);
    }

    private Management management(@Nullable Integer asked, int servicePort, boolean signedTokens) {
        String address = deployment.weft().bindAddress();
        WeftSettings.Access access = deployment.weft().access();
        return Management.of(
                asked,
                servicePort,
                address,
                signedTokens || access.keys() || !Loopback.is(address),
                token != null || tls.asksForCertificates());
    }

    private TracingSettings tracing() {
        return TracingConfiguration.of(
                deployment.weft().tracing(),
                new CollectorHeaders(deployment.weft(), System.getenv())::read,
                System.getenv());
    }

    private RunningService running(ServiceName name, URI listens, RunningService.Handle handle) {
        return new RunningService(name, addresses().reachable(listens.getPort()), handle);
    }

    private List<Path> declaredFolders() {
        return deployment.adapters().stream()
                .map(DeclaredAdapter::repository)
                .filter(repository -> repository.source() == RepositorySource.FILE)
                .map(RepositoryRef::repo)
                .map(Path::of)
                .toList();
    }
}
