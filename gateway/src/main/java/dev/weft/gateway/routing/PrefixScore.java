package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;
import java.util.List;

/**
 * Prefers the worker that was given the conversation before, by the part of the request's beginning
 * that it has seen.
 */
record PrefixScore(double weight, PrefixMemory memory) implements WorkerScorer {
    @Override
    public double[] scores(RoutingRequest request, List<WorkerSnapshot> candidates) {
        PrefixChain chain = request.prefix();
        int pieces = chain.pieces();
        if (pieces == 0) {
            return new double[candidates.size()];
        }
        return candidates.stream()
                .mapToDouble(worker -> (double) memory.seen(chain, worker.address()) / pieces)
                .toArray();
    }

    @Override
    public RoutingDecision.Reason reason() {
        return RoutingDecision.Reason.PREFIX;
    }
}
