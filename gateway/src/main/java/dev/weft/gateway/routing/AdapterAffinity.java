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
 */
final class AdapterAffinity implements WorkerScorer {
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

    private static int place(AdapterDigest digest, URI worker, List<WorkerSnapshot> candidates) {
        long own = weight(digest, worker);
        int before = 0;
        for (WorkerSnapshot candidate : candidates) {
            if (Long.compareUnsigned(weight(digest, candidate.address()), own) > 0) {
                before++;
            }
        }
        return before;
    }

    /** Mixes both names to 64 bits: FNV-1a, then the finaliser of MurmurHash3. */
    private static long weight(AdapterDigest digest, URI worker) {
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
