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

    /** What a choice is put down to if this scorer set its worker apart. */
    RoutingDecision.Reason reason();
}
