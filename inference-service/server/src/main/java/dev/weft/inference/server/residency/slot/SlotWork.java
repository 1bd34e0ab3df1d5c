package dev.weft.inference.server.residency.slot;

import dev.weft.protocol.adapter.AdapterDigest;

/**
 * The work that {@link AdapterSlots} wants done; hand it on and return at once. The caller holds
 * its lock.
 */
public interface SlotWork {
    /**
     * True if the artifact is here. Otherwise gets it, then calls {@link AdapterSlots#fetched} or
     * {@link AdapterSlots#failed}.
     *
     * @param tenant the tenant that asks
     */
    boolean fetch(String tenant, AdapterDigest digest);

    /** Frees the slot of an adapter that nobody uses. */
    void evict(AdapterDigest digest);

    /** Puts an adapter into a free slot if it needs no loading; false if it does. */
    boolean reload(AdapterDigest digest);

    /**
     * Loads an adapter into a free slot, then calls {@link AdapterSlots#loaded} or {@link
     * AdapterSlots#failed}.
     *
     * @param tenant the tenant that asks
     */
    void load(String tenant, AdapterDigest digest);
}
