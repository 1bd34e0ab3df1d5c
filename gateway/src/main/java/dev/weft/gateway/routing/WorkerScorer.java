package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;
import java.util.List;

/** Says how well a worker suits a request. */
interface WorkerScorer {
    /**
     * A score from 0 to 1, higher is better.
     *
     * @param candidates all workers that can serve the request, {@code worker} among them
     */
    double score(RoutingRequest request, WorkerSnapshot worker, List<WorkerSnapshot> candidates);

    /** How much the score counts beside those of other scorers. */
    double weight();
}
