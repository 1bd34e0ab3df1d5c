package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;

/** Leaves out workers that are not ready. */
final class ReadyWorkers implements WorkerFilter {
    @Override
    public boolean admits(RoutingRequest request, WorkerSnapshot worker) {
        return worker.ready();
    }
}
