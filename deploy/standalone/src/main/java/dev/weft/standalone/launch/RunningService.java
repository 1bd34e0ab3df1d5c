package dev.weft.standalone.launch;

import dev.weft.service.ServiceName;
import java.net.URI;

/**
 * A service that listens.
 *
 * @param handle closing it ends the service within 3 s; a worker drains first
 */
record RunningService(ServiceName name, URI address, Handle handle) {
    /** Ends a service, and knows its condition. */
    interface Handle {
        void close();

        /** True while it has not yet heard what another service must tell it. */
        default boolean blind() {
            return false;
        }
    }

    /** A service in another process. */
    static RunningService elsewhere(ServiceName name, URI address) {
        return new RunningService(name, address, () -> {});
    }
}
