package dev.weft.gateway;

import dev.weft.model.deployment.WeftSettings;
import java.net.URI;
import java.time.Clock;
import java.util.List;

/**
 * What a gateway is started with.
 *
 * @param settings port, limits; its list of workers is not looked at
 * @param bindAddress address to listen on
 * @param servedModelName what clients call the base
 * @param workers addresses of workers, without a path; at least one
 * @param catalog address of the catalog, without a path; it need not be there
 */
public record GatewayOptions(
        WeftSettings.Gateway settings,
        String bindAddress,
        String servedModelName,
        List<URI> workers,
        URI catalog,
        Clock clock) {
    public GatewayOptions {
        workers = List.copyOf(workers);
        if (workers.isEmpty()) {
            throw new IllegalArgumentException("a gateway needs the address of a worker");
        }
        for (URI worker : workers) {
            if (worker.getHost() == null
                    || !List.of("http", "https").contains(worker.getScheme())) {
                throw new IllegalArgumentException(
                        "worker '"
                                + worker
                                + "': an address like http://127.0.0.1:8082 is allowed");
            }
        }
    }
}
