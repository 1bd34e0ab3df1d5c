package dev.weft.standalone.launch;

import dev.weft.access.tls.ServiceTls;
import dev.weft.deployment.WeftSettings;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Where services are reached, as far as the deployment file says it. */
record Addresses(WeftSettings weft, ServiceTls tls) {
    /** Of this process or elsewhere; empty where a free port is still to be picked. */
    Optional<URI> catalog() {
        URI elsewhere = weft.catalog().url();
        return elsewhere == null ? local(weft.catalog().port()) : Optional.of(elsewhere);
    }

    /** One or many; empty where a free port is still to be picked. */
    Optional<List<URI>> workers() {
        List<URI> elsewhere = weft.gateway().workers();
        return elsewhere.isEmpty()
                ? local(weft.inference().port()).map(List::of)
                : Optional.of(elsewhere);
    }

    private Optional<URI> local(int port) {
        return port == 0 ? Optional.empty() : Optional.of(reachable(port));
    }

    /** Of a service of this machine. */
    URI reachable(int port) {
        return tls.reachable(weft.bindAddress(), port);
    }
}
