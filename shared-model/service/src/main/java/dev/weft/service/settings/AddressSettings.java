package dev.weft.service.settings;

import dev.weft.access.tls.ServiceTls;
import dev.weft.settings.Unset;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the services listen, and where they find each other.
 *
 * @param bindAddress Address that all services listen on.
 */
@ConfigurationProperties("weft")
public record AddressSettings(
        @DefaultValue("127.0.0.1")
                @Pattern(
                        regexp = "[A-Za-z0-9.:_%-]+",
                        message = "an address of this machine, e.g. 127.0.0.1, or 0.0.0.0 for all")
                String bindAddress,
        @DefaultValue Gateway gateway,
        @DefaultValue Catalog catalog,
        @DefaultValue Worker inference) {
    static final String MANAGEMENT_PORT =
            "`port` + 1000 if the service listens beyond loopback or `weft.access.keys` is on,"
                    + " else none";
    static final String CATALOG_MANAGEMENT_PORT =
            "`port` + 1000 if the service listens beyond loopback, `weft.access.keys` is on or"
                    + " `weft.access.jwt-issuer` is given, else none";

    /** The ports of a service. */
    public sealed interface Ports {
        /** The port of the API; 0 for a free one. */
        int port();

        /** The port for metrics, 0 for a free one; null if the deployment names none. */
        @Nullable Integer managementPort();
    }

    /**
     * {@code weft.gateway}.
     *
     * @param port Port of the gateway, the address clients use; 0 picks a free one.
     * @param managementPort Port of the gateway for metrics and details of its health; 0 picks a
     *     free one. It is on loopback, or on {@code bind-address} if a token or a certificate of
     *     role {@code service} can be asked for.
     * @param workers Addresses of the workers; none means the one of the same process, unless
     *     {@code discovery} says where to look for workers.
     */
    public record Gateway(
            @DefaultValue("8080") @Range(min = 0, max = 65535) int port,
            @Range(min = 0, max = 65535) @Unset(MANAGEMENT_PORT) @Nullable Integer managementPort,
            @DefaultValue List<URI> workers)
            implements Ports {
        public Gateway {
            workers = List.copyOf(workers);
        }
    }

    /**
     * {@code weft.catalog}.
     *
     * @param port Port of the catalog; 0 picks a free one.
     * @param managementPort Port of the catalog for metrics and details of its health; 0 picks a
     *     free one. It is on loopback, or on {@code bind-address} if a token or a certificate of
     *     role {@code service} can be asked for.
     * @param url Address of a catalog elsewhere, for {@code run worker} and {@code run gateway}.
     */
    public record Catalog(
            @DefaultValue("8081") @Range(min = 0, max = 65535) int port,
            @Range(min = 0, max = 65535) @Unset(CATALOG_MANAGEMENT_PORT)
                    @Nullable Integer managementPort,
            @Unset("the one of the same process") @Nullable URI url)
            implements Ports {}

    /**
     * {@code weft.inference}.
     *
     * @param port Port of the worker; 0 picks a free one.
     * @param managementPort Port of the worker for metrics and details of its health; 0 picks a
     *     free one. It is on loopback, or on {@code bind-address} if a token or a certificate of
     *     role {@code service} can be asked for.
     * @param address Address at which gateways reach the worker, e.g. http://10.1.0.7:8082. The
     *     worker reports it to the catalog.
     */
    public record Worker(
            @DefaultValue("8082") @Range(min = 0, max = 65535) int port,
            @Range(min = 0, max = 65535) @Unset(MANAGEMENT_PORT) @Nullable Integer managementPort,
            @Unset("the one that it listens at") @Nullable URI address)
            implements Ports {}

    /**
     * The catalog's address, in this process or elsewhere; empty if its free port isn't picked yet.
     */
    public Optional<URI> catalog(ServiceTls tls) {
        return catalog.url == null ? local(catalog.port, tls) : Optional.of(catalog.url);
    }

    /** The address of the worker in this process; empty if its free port isn't picked yet. */
    public Optional<URI> localWorker(ServiceTls tls) {
        return local(inference.port, tls);
    }

    private Optional<URI> local(int port, ServiceTls tls) {
        return port == 0 ? Optional.empty() : Optional.of(tls.reachable(bindAddress, port));
    }

    /** Returns these addresses with a catalog at {@code url}. */
    public AddressSettings withCatalog(URI url) {
        return new AddressSettings(
                bindAddress,
                gateway,
                new Catalog(catalog.port, catalog.managementPort, url),
                inference);
    }

    /** Returns these addresses with other workers. */
    public AddressSettings withWorkers(List<URI> workers) {
        return new AddressSettings(
                bindAddress,
                new Gateway(gateway.port, gateway.managementPort, workers),
                catalog,
                inference);
    }
}
