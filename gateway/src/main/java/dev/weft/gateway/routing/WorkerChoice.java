package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.service.ServedBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Chooses the worker of a request. Filters run first; then the worker with the largest sum of
 * weighted scores wins, or any of them if several have it.
 */
public final class WorkerChoice {
    private record Weighted(WorkerScorer scorer, double weight) {}

    private final List<WorkerFilter> filters;
    private final List<Weighted> scorers;
    private final WorkerScorer affinity = new AdapterAffinity();
    private final RandomGenerator random;

    /**
     * @param random breaks ties; must allow any thread
     */
    public WorkerChoice(ServedBase base, RandomGenerator random) {
        this.filters =
                List.of(new UntriedWorkers(), new ReadyWorkers(), new WorkersOfTheBase(base));
        // An adapter leaves its first worker once that worker has 4 requests more than its second
        // one: half the affinity (1/2 - 1/4) against 4/16 of the load.
        this.scorers = List.of(new Weighted(new LeastInFlight(), 1.0), new Weighted(affinity, 0.5));
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
        return affinity.score(request, chosen, candidates) == 1.0
                ? RoutingDecision.Reason.AFFINITY
                : RoutingDecision.Reason.LOAD;
    }

    private double score(
            RoutingRequest request, WorkerSnapshot worker, List<WorkerSnapshot> candidates) {
        double sum = 0;
        for (Weighted each : scorers) {
            sum += each.weight() * each.scorer().score(request, worker, candidates);
        }
        return sum;
    }
}
