package dev.weft.gateway.routing.prefix;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which worker was last given a request that began with certain bytes. It has a fixed
 * number of places; what falls on a taken one replaces what was there. Any thread.
 */
public final class PrefixMemory {
    private static final int PLACES = 1 << 16;

    private record Known(long hash, URI worker) {}

    private final AtomicReferenceArray<@Nullable Known> places = new AtomicReferenceArray<>(PLACES);

    /** Remembers that the worker has blocks of what such requests begin with. */
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
     * How many pieces of the request's beginning workers have seen; those that have seen none are
     * left out.
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
