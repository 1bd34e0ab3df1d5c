package dev.weft.gateway.routing.prefix;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which worker was last given a request that began with certain bytes. It has a fixed
 * number of places; an entry replaces the one in its place. Any thread.
 */
public final class PrefixMemory {
    private static final int PLACES = 1 << 16;

    private record Known(long hash, URI worker) {}

    private final AtomicReferenceArray<@Nullable Known> places = new AtomicReferenceArray<>(PLACES);

    /** Remembers that the worker has the blocks of a request's beginning. */
    public void keep(PrefixChain chain, URI worker) {
        for (int piece = 0; piece < chain.pieces(); piece++) {
            long hash = chain.hash(piece);
            Known known = places.get(place(hash));
            if (known == null || known.hash != hash || !known.worker.equals(worker)) {
                places.set(place(hash), new Known(hash, worker));
            }
        }
    }

    /**
     * The number of pieces of the request's beginning that each worker has seen, without workers
     * that have seen none.
     */
    public Map<URI, Integer> seen(PrefixChain chain) {
        Map<URI, Integer> seen = new HashMap<>();
        for (int pieces = 1; pieces <= chain.pieces(); pieces++) {
            long hash = chain.hash(pieces - 1);
            Known known = places.get(place(hash));
            if (known != null && known.hash == hash) {
                seen.put(known.worker, pieces);
            }
        }
        return seen;
    }

    private static int place(long hash) {
        return (int) (hash >>> 48) & (PLACES - 1);
    }
}
