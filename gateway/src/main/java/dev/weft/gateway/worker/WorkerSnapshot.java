package dev.weft.gateway.worker;

import java.net.URI;
import java.util.Map;

/**
 * The known state of a worker at one moment.
 *
 * @param address without a path
 * @param ready its last probe said that it is ready, and no connection to it was refused since
 * @param bases base models it serves: the name clients use, and the checkpoint behind it
 * @param inFlight requests of this gateway that it has
 */
public record WorkerSnapshot(URI address, boolean ready, Map<String, String> bases, int inFlight) {
    public WorkerSnapshot {
        bases = Map.copyOf(bases);
        if (inFlight < 0) {
            throw new IllegalArgumentException("in flight " + inFlight + " of " + address);
        }
    }
}
