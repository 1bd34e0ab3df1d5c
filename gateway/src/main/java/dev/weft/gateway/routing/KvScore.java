package dev.weft.gateway.routing;

import dev.weft.gateway.worker.ToldState;
import dev.weft.gateway.worker.WorkerSnapshot;

/** Prefers workers with room in their KV cache; one whose state is stale counts as full. */
record KvScore(double weight) implements WorkerScorer.OfEach {
    @Override
    public double score(WorkerSnapshot worker) {
        ToldState told = worker.told();
        if (told == null) {
            return 1;
        }
        return told.stale() ? 0 : Math.max(0, 1 - told.state().load().kvUsage());
    }

    @Override
    public RoutingDecision.Reason reason() {
        return RoutingDecision.Reason.KV;
    }
}
