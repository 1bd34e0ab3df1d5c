package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;
import java.util.List;

/**
 * Prefers the worker with the fewest requests of all gateways. The score is 1 for a worker with no
 * request, and 0 for the one with the most, provided that it has at least {@link #SCALE} or as many
 * as a worker computes at once. Below that, a difference of a request or two should not outweigh an
 * adapter that is loaded already. A worker that has told nothing for too long gets 0.
 */
record LoadScore(double weight) implements WorkerScorer {
    private static final int SCALE = 16;

    @Override
    public double[] scores(RoutingRequest request, List<WorkerSnapshot> candidates) {
        int[] requests = new int[candidates.size()];
        int most = SCALE;
        for (int i = 0; i < requests.length; i++) {
            WorkerSnapshot candidate = candidates.get(i);
            requests[i] = candidate.requests();
            most = Math.max(most, requests[i]);
            most = Math.max(most, candidate.rows().orElse(0));
        }
        double[] scores = new double[requests.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = candidates.get(i).isStale() ? 0 : 1.0 - (double) requests[i] / most;
        }
        return scores;
    }

    @Override
    public RoutingDecision.Reason reason() {
        return RoutingDecision.Reason.LOAD;
    }
}
