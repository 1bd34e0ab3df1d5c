package dev.weft.inference.engine.shelf;

import dev.weft.inference.engine.MachineMemory;

/**
 * How many adapters an engine holds.
 *
 * @param slots adapters loaded at once
 * @param hostCacheBytes memory for adapters that have left their slot
 * @param hostAdapters adapters that have left their slot, at most
 */
public record ShelfSize(int slots, long hostCacheBytes, int hostAdapters) {
    /** The host cache is this part of the machine's memory if no size is configured. */
    private static final int HOST_CACHE_SHARE = 8;

    public ShelfSize {
        if (slots < 0 || hostCacheBytes < 0 || hostAdapters < 0) {
            throw new IllegalArgumentException(
                    "slots, hostCacheBytes and hostAdapters at least 0: %d, %d, %d"
                            .formatted(slots, hostCacheBytes, hostAdapters));
        }
    }

    /** A shelf whose host cache is bounded by its bytes alone. */
    public ShelfSize(int slots, long hostCacheBytes) {
        this(slots, hostCacheBytes, Integer.MAX_VALUE);
    }

    /** A shelf with an eighth of the machine's memory for the host cache. */
    public static ShelfSize of(int slots) {
        return new ShelfSize(slots, MachineMemory.total() / HOST_CACHE_SHARE);
    }
}
