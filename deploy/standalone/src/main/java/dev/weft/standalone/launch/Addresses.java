package dev.weft.standalone.launch;

import dev.weft.access.tls.ServiceTls;
import dev.weft.service.settings.AddressSettings;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The addresses of services, as far as deployment files have them.
 *
 * @param looks whether the gateway looks for workers
 * @param workerPorts of the workers that this process would run; 0 for a free one
 */
record Addresses(
        AddressSettings settings, boolean looks, List<Integer> workerPorts, ServiceTls tls) {
    Addresses {
        workerPorts = List.copyOf(workerPorts);
    }

    /**
     * The catalog's address, in this process or elsewhere; empty if its free port isn't picked yet.
     */
    Optional<URI> catalog() {
        return settings.catalog(tls);
    }

    /**
     * The addresses of workers that a gateway need not look for; empty if a free port isn't picked
     * yet.
     */
    Optional<List<URI>> workers() {
        List<URI> named = settings.gateway().workers();
        if (!named.isEmpty() || looks) {
            return Optional.of(named);
        }
        return workerPorts.contains(0)
                ? Optional.empty()
                : Optional.of(
                        workerPorts.stream()
                                .map(port -> tls.reachable(settings.bindAddress(), port))
                                .toList());
    }
}
