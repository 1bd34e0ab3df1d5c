package dev.weft.gateway.routing;

import dev.weft.gateway.routing.prefix.PrefixChain;
import dev.weft.gateway.routing.prefix.PrefixMemory;
import dev.weft.gateway.worker.WorkerSnapshot;
import java.util.List;

/**
 * Prefers the worker that was given the conversation before, by the part of the request's beginning
 * that it has seen. One whose state is stale counts as full.
 */
record PrefixScore(double weight, PrefixMemory memory) implements WorkerScorer {
    @Override
    public double[] scores(RoutingRequest request, List<WorkerSnapshot> candidates) {
        PrefixChain chain = request.prefix();
        if (chain.pieces() == 0) {
            return new double[candidates.size()];
        }
        return candidates.stream()
                .mapToDouble(worker -> worker.isStale() ? 0 : part(chain, worker))
                .toArray();
    }

    private double part(PrefixChain chain, WorkerSnapshot worker) {
        return (double) memory.seen(chain, worker.address()) / chain.pieces();
    }

    @Override
    public RoutingDecision.Reason reason() {
        return RoutingDecision.Reason.PREFIX;
    }
}
