package dev.weft.gateway.routing;

import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.worker.Residence;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import java.util.Arrays;
import java.util.List;

/**
 * Gives an adapter that no worker holds in a slot a place: {@link Rendezvous} orders the workers,
 * so an adapter stays on few workers and leaves room for others elsewhere. The score is 1 for the
 * first worker in that order, then half as much for each next one. The base has no favourite: all
 * workers get 0. So does a worker whose state is stale: nobody knows what it would have to evict.
 *
 * <p>With half the weight of {@link LoadScore}, an adapter leaves its first worker once that worker
 * has 4 requests more than its second one: half the affinity (1/2 - 1/4) against 4/16 of the load.
 */
record AdapterAffinity(double weight) implements WorkerScorer {
    @Override
    public double[] scores(RoutingRequest request, List<WorkerSnapshot> candidates) {
        double[] scores = new double[candidates.size()];
        if (request.target() instanceof Target.Adapter adapter) {
            AdapterDigest digest = adapter.version().digest();
            if (!isHeld(digest, candidates)) {
                place(digest, candidates, scores);
            }
        }
        return scores;
    }

    private static boolean isHeld(AdapterDigest digest, List<WorkerSnapshot> candidates) {
        for (WorkerSnapshot worker : candidates) {
            if (worker.told() != null && worker.residence(digest) == Residence.IN_SLOT) {
                return true;
            }
        }
        return false;
    }

    private static void place(
            AdapterDigest digest, List<WorkerSnapshot> candidates, double[] scores) {
        Rendezvous order = Rendezvous.of(digest);
        long[] places = new long[scores.length];
        long[] sorted = new long[scores.length];
        int fresh = 0;
        for (int i = 0; i < places.length; i++) {
            WorkerSnapshot worker = candidates.get(i);
            if (!worker.isStale()) {
                places[i] = order.place(worker.address());
                sorted[fresh++] = places[i];
            }
        }
        Arrays.sort(sorted, 0, fresh);
        for (int i = 0; i < places.length; i++) {
            if (!candidates.get(i).isStale()) {
                scores[i] = Math.scalb(1.0, -before(places[i], sorted, fresh));
            }
        }
    }

    /** How many of the first {@code count} places come before one of them. */
    private static int before(long place, long[] sorted, int count) {
        int before = Arrays.binarySearch(sorted, 0, count, place);
        while (before > 0 && sorted[before - 1] == place) {
            before--;
        }
        return before;
    }

    @Override
    public RoutingDecision.Reason reason() {
        return RoutingDecision.Reason.AFFINITY;
    }
}
