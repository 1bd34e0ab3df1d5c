package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.service.ServedBase;

/** Leaves out workers that serve another base model: an adapter fits its own base only. */
record WorkersOfTheBase(ServedBase base) implements WorkerFilter {
    @Override
    public boolean admits(RoutingRequest request, WorkerSnapshot worker) {
        return worker.bases().containsKey(base.name());
    }
}
