package dev.weft.gateway.routing;

import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.worker.Residence;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import java.net.URI;
import java.util.List;

/**
 * Gives an adapter that no worker holds in a slot a place: rendezvous hashing on its digest orders
 * the workers. All gateways agree on that order, and it changes only by the worker that comes or
 * goes, so an adapter stays on few workers and leaves room for others elsewhere. The score is 1 for
 * the first worker in that order, then half as much for each next one. The base has no favourite:
 * all workers get 0.
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
            if (candidates.stream().noneMatch(worker -> isHeld(digest, worker))) {
                place(digest, candidates, scores);
            }
        }
        return scores;
    }

    private static boolean isHeld(AdapterDigest digest, WorkerSnapshot worker) {
        return worker.told() != null && worker.residence(digest) == Residence.IN_SLOT;
    }

    private static void place(
            AdapterDigest digest, List<WorkerSnapshot> candidates, double[] scores) {
        long seed = fnv(0xcbf29ce484222325L, digest.hex());
        long[] hashes =
                candidates.stream().mapToLong(worker -> hash(seed, worker.address())).toArray();
        for (int i = 0; i < hashes.length; i++) {
            int before = 0;
            for (long other : hashes) {
                if (Long.compareUnsigned(other, hashes[i]) > 0) {
                    before++;
                }
            }
            scores[i] = Math.scalb(1.0, -before);
        }
    }

    /** Mixes a worker's name into a seed: FNV-1a, then the finaliser of MurmurHash3. */
    private static long hash(long seed, URI worker) {
        long hash = fnv(seed, worker.toString());
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }

    private static long fnv(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    @Override
    public RoutingDecision.Reason reason() {
        return RoutingDecision.Reason.AFFINITY;
    }
}
