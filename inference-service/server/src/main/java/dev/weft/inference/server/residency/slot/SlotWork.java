package dev.weft.inference.server.residency.slot;

import dev.weft.protocol.adapter.AdapterDigest;

/**
 * What {@link AdapterSlots} wants done; hand it on and return at once. Called with its lock held.
 */
public interface SlotWork {
    /**
     * True where the artifact is here; else get it, then {@link AdapterSlots#fetched} or {@link
     * AdapterSlots#failed}.
     *
     * @param tenant for whom
     */
    boolean fetch(String tenant, AdapterDigest digest);

    /** Free the slot of an adapter that nobody uses. */
    void evict(AdapterDigest digest);

    /** Put an adapter into a free slot that needs no loading; false where it does. */
    boolean reload(AdapterDigest digest);

    /**
     * Load into a free slot; then {@link AdapterSlots#loaded} or {@link AdapterSlots#failed}.
     *
     * @param tenant for whom
     */
    void load(String tenant, AdapterDigest digest);
}
