package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Chooses the worker of a request. Filters run first; then the worker with the largest sum of
 * weighted scores wins, or any of them if several have it.
 */
public final class WorkerChoice {
    private final List<WorkerFilter> filters;
    private final List<WorkerScorer> scorers;
    private final AdapterAffinity affinity;
    private final RandomGenerator random;

    /**
     * @param affinity one of the scorers; the reason of a choice may be that it prevailed
     * @param random breaks ties; must allow any thread
     */
    WorkerChoice(
            List<WorkerFilter> filters,
            List<WorkerScorer> scorers,
            AdapterAffinity affinity,
            RandomGenerator random) {
        this.filters = List.copyOf(filters);
        this.scorers = List.copyOf(scorers);
        this.affinity = affinity;
        this.random = random;
    }

    /** The worker to take; empty if none can serve the request. */
    public Optional<RoutingDecision> choose(RoutingRequest request, List<WorkerSnapshot> workers) {
        List<WorkerSnapshot> candidates =
                workers.stream()
                        .filter(w -> filters.stream().allMatch(f -> f.admits(request, w)))
                        .toList();
        List<WorkerSnapshot> best = new ArrayList<>();
        double bestScore = Double.NEGATIVE_INFINITY;
        for (WorkerSnapshot worker : candidates) {
            double score = score(request, worker, candidates);
            if (score > bestScore) {
                bestScore = score;
                best.clear();
            }
            if (score == bestScore) {
                best.add(worker);
            }
        }
        if (best.isEmpty()) {
            return Optional.empty();
        }
        WorkerSnapshot chosen = best.get(random.nextInt(best.size()));
        return Optional.of(
                new RoutingDecision(chosen, reason(request, chosen, candidates, best.size())));
    }

    private RoutingDecision.Reason reason(
            RoutingRequest request,
            WorkerSnapshot chosen,
            List<WorkerSnapshot> candidates,
            int equals) {
        if (candidates.size() == 1) {
            return RoutingDecision.Reason.ONLY;
        }
        if (equals > 1) {
            return RoutingDecision.Reason.TIE;
        }
        return affinity.favours(request, chosen, candidates)
                ? RoutingDecision.Reason.AFFINITY
                : RoutingDecision.Reason.LOAD;
    }

    private double score(
            RoutingRequest request, WorkerSnapshot worker, List<WorkerSnapshot> candidates) {
        double sum = 0;
        for (WorkerScorer scorer : scorers) {
            sum += scorer.weight() * scorer.score(request, worker, candidates);
        }
        return sum;
    }
}
