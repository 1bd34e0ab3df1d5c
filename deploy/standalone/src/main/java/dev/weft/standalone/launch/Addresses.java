package dev.weft.standalone.launch;

import dev.weft.access.tls.ServiceTls;
import dev.weft.service.AddressSettings;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The addresses of services, as far as the deployment file has them. */
record Addresses(AddressSettings settings, ServiceTls tls) {
    /**
     * The catalog's address, in this process or elsewhere; empty if its free port isn't picked yet.
     */
    Optional<URI> catalog() {
        return settings.catalog(tls);
    }

    /** The addresses of one or more workers; empty if a free port isn't picked yet. */
    Optional<List<URI>> workers() {
        return settings.workers(tls);
    }
}
