package dev.weft.gateway.routing;

import dev.weft.gateway.routing.prefix.PrefixChain;
import dev.weft.gateway.routing.prefix.PrefixMemory;
import dev.weft.gateway.worker.WorkerSnapshot;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Prefers the worker that was given the conversation before, by the part of the request's beginning
 * that it has seen. One whose state is stale counts as full.
 */
record PrefixScore(double weight, PrefixMemory memory) implements WorkerScorer {
    @Override
    public double[] scores(RoutingRequest request, List<WorkerSnapshot> candidates) {
        double[] scores = new double[candidates.size()];
        PrefixChain chain = request.prefix();
        Map<URI, Integer> seen = memory.seen(chain);
        if (seen.isEmpty()) {
            return scores;
        }
        for (int i = 0; i < scores.length; i++) {
            WorkerSnapshot worker = candidates.get(i);
            Integer pieces = seen.get(worker.address());
            if (pieces != null && !worker.isStale()) {
                scores[i] = (double) pieces / chain.pieces();
            }
        }
        return scores;
    }

    @Override
    public RoutingDecision.Reason reason() {
        return RoutingDecision.Reason.PREFIX;
    }
}
