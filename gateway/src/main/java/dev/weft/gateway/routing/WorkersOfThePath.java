package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;

/** Leaves out workers whose engine does not serve the path, that of embeddings for instance. */
final class WorkersOfThePath implements WorkerFilter {
    @Override
    public boolean admits(RoutingRequest request, WorkerSnapshot worker) {
        return request.path().suits(worker);
    }
}
