package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;

/** Says which workers cannot serve a request. */
interface WorkerFilter {
    boolean admits(RoutingRequest request, WorkerSnapshot worker);
}
