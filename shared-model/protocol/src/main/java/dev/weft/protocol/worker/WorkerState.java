package dev.weft.protocol.worker;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.residency.Tier;
import java.util.Map;
import java.util.Set;

/**
 * What a worker holds and does at one moment.
 *
 * @param draining it takes no new requests
 * @param slots adapters that its engine holds at once
 * @param held adapters in slots and in host memory; those on its disk are left out
 * @param paths of the API that its engine serves, such as {@code /v1/embeddings}; empty if it
 *     doesn't say
 * @param load requests, and what they wait for
 */
public record WorkerState(
        boolean draining,
        int slots,
        Map<AdapterDigest, Tier> held,
        Set<String> paths,
        WorkerLoad load) {
    public WorkerState {
        if (slots < 0) {
            throw new IllegalArgumentException("slots " + slots + ": allowed is 0 or more");
        }
        held = Map.copyOf(held);
        paths = Set.copyOf(paths);
    }

    /** A worker that doesn't say which paths its engine serves. */
    public WorkerState(
            boolean draining, int slots, Map<AdapterDigest, Tier> held, WorkerLoad load) {
        this(draining, slots, held, Set.of(), load);
    }

    /** Slots that no adapter is in. */
    public int freeSlots() {
        int free = slots;
        for (Tier tier : held.values()) {
            free -= tier == Tier.SLOT ? 1 : 0;
        }
        return Math.max(0, free);
    }
}
