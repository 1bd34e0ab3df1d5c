package dev.weft.gateway.routing;

import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.worker.WorkerSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/**
 * Chooses the worker of a request. Filters run first. A draw then leaves out workers that come back
 * after failures, some of the time. Of the others, the worker with the largest sum of weighted
 * scores wins. If several have it, the first of them in the adapter's {@link Rendezvous} wins,
 * which all gateways agree on; for the base, any of them.
 */
public final class WorkerChoice {
    private final List<WorkerFilter> filters;
    private final List<WorkerScorer> scorers;
    private final RandomGenerator random;

    /**
     * A choice by filters and scores.
     *
     * @param random breaks ties of base requests, and draws; must allow any thread
     */
    WorkerChoice(List<WorkerFilter> filters, List<WorkerScorer> scorers, RandomGenerator random) {
        this.filters = List.copyOf(filters);
        this.scorers = List.copyOf(scorers);
        this.random = random;
    }

    /** The worker to take; empty if none can serve the request. */
    public Optional<RoutingDecision> choose(RoutingRequest request, List<WorkerSnapshot> workers) {
        List<WorkerSnapshot> candidates = drawn(candidates(request, workers));
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        double[][] scores = new double[scorers.size()][];
        double[] sums = new double[candidates.size()];
        for (int i = 0; i < scores.length; i++) {
            WorkerScorer scorer = scorers.get(i);
            scores[i] = scorer.scores(request, candidates);
            add(scorer.weight(), scores[i], sums);
        }
        Leaders ranking = Leaders.of(sums, tied -> untied(request.target(), candidates, tied));
        return Optional.of(
                new RoutingDecision(
                        candidates.get(ranking.best),
                        reason(ranking, scores),
                        candidates.size(),
                        of(ranking.best, scores)));
    }

    private static void add(double weight, double[] scores, double[] sums) {
        for (int worker = 0; worker < sums.length; worker++) {
            sums[worker] += weight * scores[worker];
        }
    }

    private List<WorkerSnapshot> candidates(RoutingRequest request, List<WorkerSnapshot> workers) {
        List<WorkerSnapshot> candidates = new ArrayList<>(workers.size());
        for (WorkerSnapshot worker : workers) {
            if (isAdmitted(request, worker)) {
                candidates.add(worker);
            }
        }
        return candidates;
    }

    /**
     * The candidates after the draw. Workers that come back after failures get a part of the
     * requests that would come to them, while others can take the rest.
     */
    private List<WorkerSnapshot> drawn(List<WorkerSnapshot> candidates) {
        List<WorkerSnapshot> drawn = new ArrayList<>(candidates.size());
        for (WorkerSnapshot worker : candidates) {
            if (worker.share() >= 1 || random.nextDouble() < worker.share()) {
                drawn.add(worker);
            }
        }
        return drawn.isEmpty() ? candidates : drawn;
    }

    private boolean isAdmitted(RoutingRequest request, WorkerSnapshot worker) {
        for (WorkerFilter filter : filters) {
            if (!filter.admits(request, worker)) {
                return false;
            }
        }
        return true;
    }

    /** The one of equally good workers that is taken. */
    private int untied(Target target, List<WorkerSnapshot> candidates, int[] tied) {
        return switch (target) {
            case Target.Base _ -> tied[random.nextInt(tied.length)];
            case Target.Adapter adapter -> {
                Rendezvous order = Rendezvous.of(adapter.version().digest());
                int first = tied[0];
                for (int next : tied) {
                    if (order.place(candidates.get(next).address())
                            < order.place(candidates.get(first).address())) {
                        first = next;
                    }
                }
                yield first;
            }
        };
    }

    /** The reason of the scorer that puts the best worker furthest ahead of the second best. */
    private RoutingDecision.Reason reason(Leaders ranking, double[][] scores) {
        if (ranking.second < 0) {
            return RoutingDecision.Reason.ONLY;
        }
        if (ranking.tied) {
            return RoutingDecision.Reason.TIE;
        }
        RoutingDecision.Reason reason = RoutingDecision.Reason.TIE;
        double most = 0;
        for (int i = 0; i < scores.length; i++) {
            WorkerScorer scorer = scorers.get(i);
            double lead = scorer.weight() * (scores[i][ranking.best] - scores[i][ranking.second]);
            if (lead > most) {
                most = lead;
                reason = scorer.reason();
            }
        }
        return reason;
    }

    private Map<RoutingDecision.Reason, Double> of(int worker, double[][] scores) {
        Map<RoutingDecision.Reason, Double> of = new EnumMap<>(RoutingDecision.Reason.class);
        for (int i = 0; i < scores.length; i++) {
            of.put(scorers.get(i).reason(), scores[i][worker]);
        }
        return of;
    }

    /**
     * The best of several sums.
     *
     * @param best index of the largest sum
     * @param second index of the largest sum among the others; -1 if there is no other
     * @param tied whether both have the same sum
     */
    private record Leaders(int best, int second, boolean tied) {
        static Leaders of(double[] sums, ToIntFunction<int[]> untied) {
            int best = 0;
            int equals = 1;
            int[] tied = new int[sums.length];
            for (int i = 1; i < sums.length; i++) {
                if (sums[i] > sums[best]) {
                    best = i;
                    tied[0] = i;
                    equals = 1;
                } else if (sums[i] == sums[best]) {
                    tied[equals++] = i;
                }
            }
            if (equals > 1) {
                best = untied.applyAsInt(Arrays.copyOf(tied, equals));
            }
            int second = -1;
            for (int i = 0; i < sums.length; i++) {
                if (i != best && (second < 0 || sums[i] > sums[second])) {
                    second = i;
                }
            }
            return new Leaders(best, second, equals > 1);
        }
    }
}
