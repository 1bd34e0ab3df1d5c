package dev.weft.gateway.routing;

import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.worker.Residence;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.List;

/**
 * Prefers workers that hold the adapter: 1 in a slot, 0.8 if there is a free slot for it, 0.6 in
 * host memory, 0 if another one has to leave for it. The base needs no adapter: all workers get 0.
 */
record ResidencyScore(double weight) implements WorkerScorer {
    @Override
    public double[] scores(RoutingRequest request, List<WorkerSnapshot> candidates) {
        double[] scores = new double[candidates.size()];
        if (request.target() instanceof Target.Adapter adapter) {
            AdapterDigest digest = adapter.version().digest();
            for (int i = 0; i < scores.length; i++) {
                scores[i] = score(candidates.get(i).residence(digest));
            }
        }
        return scores;
    }

    private static double score(Residence residence) {
        return switch (residence) {
            case IN_SLOT -> 1;
            case ROOM -> 0.8;
            case IN_HOST -> 0.6;
            case EVICTS, UNKNOWN -> 0;
        };
    }

    @Override
    public RoutingDecision.Reason reason() {
        return RoutingDecision.Reason.RESIDENCY;
    }
}
