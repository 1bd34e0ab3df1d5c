package dev.weft.inference.server.http.relay;

import dev.weft.inference.server.residency.AdapterLease;
import org.jspecify.annotations.Nullable;

/**
 * Holds a request's lease, so that it ends with the request even if it comes after the client has
 * left. Any thread.
 */
final class LeaseHolder implements AutoCloseable {
    private @Nullable AdapterLease lease;
    private boolean closed;

    /** Takes the lease, or ends it if nobody waits for it any more. */
    void take(AdapterLease granted) {
        boolean late;
        synchronized (this) {
            late = closed;
            lease = granted;
        }
        if (late) {
            granted.close();
        }
    }

    @Override
    public void close() {
        AdapterLease held;
        synchronized (this) {
            closed = true;
            held = lease;
        }
        if (held != null) {
            held.close();
        }
    }
}
