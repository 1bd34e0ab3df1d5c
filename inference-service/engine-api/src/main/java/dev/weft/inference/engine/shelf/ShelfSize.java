package dev.weft.inference.engine.shelf;

import dev.weft.inference.engine.MachineMemory;

/**
 * How many adapters an engine holds.
 *
 * @param slots adapters loaded at once
 * @param hostCacheBytes memory for adapters that have left their slot
 */
public record ShelfSize(int slots, long hostCacheBytes) {
    /** The host cache is this part of the machine's memory if no size is configured. */
    private static final int HOST_CACHE_SHARE = 8;

    public ShelfSize {
        if (slots < 0 || hostCacheBytes < 0) {
            throw new IllegalArgumentException(
                    "slots and hostCacheBytes at least 0: " + slots + ", " + hostCacheBytes);
        }
    }

    /** A shelf with an eighth of the machine's memory for the host cache. */
    public static ShelfSize of(int slots) {
        return new ShelfSize(slots, MachineMemory.total() / HOST_CACHE_SHARE);
    }
}
