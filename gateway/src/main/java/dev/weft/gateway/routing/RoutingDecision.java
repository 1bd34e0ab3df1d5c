package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;

/** The worker that a request is given, and why. */
public record RoutingDecision(WorkerSnapshot worker, Reason reason) {
    /** What set a worker apart from the other candidates. */
    public enum Reason {
        /** There was no other candidate. */
        ONLY,
        /** It is the adapter's first worker, and nothing spoke against it. */
        AFFINITY,
        /**
         * It has fewer requests, which outweighed the adapter's first worker or met a base request.
         */
        LOAD,
        /** Nothing: others were equally good, and chance decided. */
        TIE
    }
}
