package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;

/** Leaves out workers that serve another base model: an adapter fits its own base only. */
record WorkersOfTheBase() implements WorkerFilter {
    @Override
    public boolean admits(RoutingRequest request, WorkerSnapshot worker) {
        return worker.bases().containsKey(request.target().base());
    }
}
