package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;

/**
 * Prefers workers that have a row for the request at once. The score is 1 there, and falls to a
 * half, a third and so on with each {@link #HALF} seconds of expected wait: so loading the adapter
 * elsewhere is better than a queue that takes longer. A worker that has told nothing for too long
 * gets 0, one that never tells anything 1.
 */
record QueueScore(double weight) implements WorkerScorer.OfEach {
    private static final double HALF = 0.25;

    @Override
    public double score(WorkerSnapshot worker) {
        if (worker.told() != null && worker.told().stale()) {
            return 0;
        }
        return 1 / (1 + worker.waitSeconds() / HALF);
    }

    @Override
    public RoutingDecision.Reason reason() {
        return RoutingDecision.Reason.QUEUE;
    }
}
