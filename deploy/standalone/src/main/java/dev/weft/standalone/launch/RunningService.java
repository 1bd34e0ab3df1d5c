package dev.weft.standalone.launch;

import java.net.URI;

/**
 * A service that listens.
 *
 * @param handle closing it ends the service, within 3 s; a worker drains before
 */
record RunningService(ServiceName name, URI address, Handle handle) {
    /** Ends a service, and knows how it does. */
    interface Handle {
        void close();

        /** True while it knows nothing of what another service has to tell it. */
        default boolean blind() {
            return false;
        }
    }

    /** A service of another process. */
    static RunningService elsewhere(ServiceName name, URI address) {
        return new RunningService(name, address, () -> {});
    }
}
