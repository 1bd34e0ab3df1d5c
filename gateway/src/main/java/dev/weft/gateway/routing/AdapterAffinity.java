package dev.weft.gateway.routing;

import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.adapter.AdapterDigest;
import java.net.URI;
import java.util.List;

/**
 * Keeps an adapter on few workers, so that it is already loaded there and leaves room for others
 * elsewhere. Rendezvous hashing on its digest orders the workers. All gateways agree on that order,
 * and it changes only by the worker that comes or goes. The score is 1 for the first worker in that
 * order, then half as much for each next one. The base has no favourite: all workers get 0.
 *
 * <p>With half the weight of {@link LeastInFlight}, an adapter leaves its first worker once that
 * worker has 4 requests more than its second one: half the affinity (1/2 - 1/4) against 4/16 of the
 * load.
 */
record AdapterAffinity(double weight) implements WorkerScorer {
    @Override
    public double score(
            RoutingRequest request, WorkerSnapshot worker, List<WorkerSnapshot> candidates) {
        return switch (request.target()) {
            case Target.Base _ -> 0;
            case Target.Adapter adapter ->
                    Math.scalb(
                            1.0, -place(adapter.version().digest(), worker.address(), candidates));
        };
    }

    /** True if the affinity spoke for the worker more than for any other one. */
    boolean favours(
            RoutingRequest request, WorkerSnapshot worker, List<WorkerSnapshot> candidates) {
        return weight > 0 && score(request, worker, candidates) == 1.0;
    }

    private static int place(AdapterDigest digest, URI worker, List<WorkerSnapshot> candidates) {
        long own = hash(digest, worker);
        int before = 0;
        for (WorkerSnapshot candidate : candidates) {
            if (Long.compareUnsigned(hash(digest, candidate.address()), own) > 0) {
                before++;
            }
        }
        return before;
    }

    /** Mixes both names to 64 bits: FNV-1a, then the finaliser of MurmurHash3. */
    private static long hash(AdapterDigest digest, URI worker) {
        long hash = fnv(fnv(0xcbf29ce484222325L, digest.hex()), worker.toString());
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
}
