package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;
import java.util.List;

/**
 * Prefers the worker with the fewest requests of this gateway. The score is 1 for a worker with
 * none, and 0 for the one with the most, provided that it has at least {@link #SCALE}. Below that,
 * a difference of a request or two should not outweigh an adapter that is loaded already.
 */
record LeastInFlight(double weight) implements WorkerScorer {
    private static final int SCALE = 16;

    @Override
    public double score(
            RoutingRequest request, WorkerSnapshot worker, List<WorkerSnapshot> candidates) {
        int most = SCALE;
        for (WorkerSnapshot candidate : candidates) {
            most = Math.max(most, candidate.inFlight());
        }
        return 1.0 - (double) worker.inFlight() / most;
    }
}
