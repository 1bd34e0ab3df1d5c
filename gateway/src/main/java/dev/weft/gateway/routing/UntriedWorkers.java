package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;

/** Leaves out workers that failed this very request. */
final class UntriedWorkers implements WorkerFilter {
    @Override
    public boolean admits(RoutingRequest request, WorkerSnapshot worker) {
        return !request.tried().contains(worker.address());
    }
}
