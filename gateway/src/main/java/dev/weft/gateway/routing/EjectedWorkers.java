package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;

/** Leaves out workers that are kept from requests, since some failed there or were slow. */
final class EjectedWorkers implements WorkerFilter {
    @Override
    public boolean admits(RoutingRequest request, WorkerSnapshot worker) {
        return worker.share() > 0;
    }
}
