package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;

/** The worker that a request is given, and why. */
public record RoutingDecision(WorkerSnapshot worker, Reason reason) {
    /** What set a worker apart from the others that could have served. */
    public enum Reason {
        /** There was no other. */
        ONLY,
        /** It is the adapter's first, and nothing spoke against it. */
        AFFINITY,
        /** It has fewer requests, which outweighed the adapter's first or met a base request. */
        LOAD,
        /** Nothing: others were as good, and chance decided. */
        TIE
    }
}
