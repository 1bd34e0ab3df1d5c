package dev.weft.gateway.routing;

import dev.weft.protocol.adapter.AdapterDigest;
import java.net.URI;

/**
 * The order that rendezvous hashing on an adapter's digest gives workers. All gateways agree on it,
 * and it changes only by the worker that comes or goes. Smaller places come first.
 */
record Rendezvous(long seed) {
    static Rendezvous of(AdapterDigest adapter) {
        return new Rendezvous(fnv(0xcbf29ce484222325L, adapter.hex()));
    }

    /**
     * A worker's place: its name mixed into the seed by FNV-1a, then the finaliser of MurmurHash3.
     * The largest hash without a sign comes first, so all bits but the sign are turned over.
     */
    long place(URI worker) {
        long hash = fnv(seed, worker.toString());
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33) ^ Long.MAX_VALUE;
    }

    private static long fnv(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
