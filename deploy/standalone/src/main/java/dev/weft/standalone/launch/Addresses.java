package dev.weft.standalone.launch;

import dev.weft.access.tls.ServiceTls;
import dev.weft.deployment.WeftSettings;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The addresses of services, as far as the deployment file has them. */
record Addresses(WeftSettings weft, ServiceTls tls) {
    /**
     * The catalog's address, in this process or elsewhere; empty if its free port isn't picked yet.
     */
    Optional<URI> catalog() {
        URI elsewhere = weft.catalog().url();
        return elsewhere == null ? local(weft.catalog().port()) : Optional.of(elsewhere);
    }

    /** The addresses of one or more workers; empty if a free port isn't picked yet. */
    Optional<List<URI>> workers() {
        List<URI> elsewhere = weft.gateway().workers();
        return elsewhere.isEmpty()
                ? local(weft.inference().port()).map(List::of)
                : Optional.of(elsewhere);
    }

    private Optional<URI> local(int port) {
        return port == 0 ? Optional.empty() : Optional.of(reachable(port));
    }

    /** The address of a service on this machine. */
    URI reachable(int port) {
        return tls.reachable(weft.bindAddress(), port);
    }
}
