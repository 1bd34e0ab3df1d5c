package dev.weft.standalone.launch;

import java.net.URI;

/**
 * A service that listens.
 *
 * @param handle closing it ends the service, within 3 s; a worker drains before
 */
record RunningService(ServiceName name, URI address, Handle handle) {
    /** Ends a service. */
    interface Handle {
        void close();
    }

    /** A service of another process. */
    static RunningService elsewhere(ServiceName name, URI address) {
        return new RunningService(name, address, () -> {});
    }
}
