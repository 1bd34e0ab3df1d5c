package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;
import java.util.List;

/** Says how well workers suit a request. */
interface WorkerScorer {
    /**
     * Scores from 0 to 1 in the order of the candidates, higher is better.
     *
     * @param candidates all workers that can serve the request
     */
    double[] scores(RoutingRequest request, List<WorkerSnapshot> candidates);

    /** How much a score counts beside those of other scorers. */
    double weight();

    /** The reason of a choice if this scorer set its worker apart. */
    RoutingDecision.Reason reason();

    /** Scores each worker by itself. */
    interface OfEach extends WorkerScorer {
        /** A score from 0 to 1. */
        double score(WorkerSnapshot worker);

        @Override
        default double[] scores(RoutingRequest request, List<WorkerSnapshot> candidates) {
            double[] scores = new double[candidates.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = score(candidates.get(i));
            }
            return scores;
        }
    }
}
