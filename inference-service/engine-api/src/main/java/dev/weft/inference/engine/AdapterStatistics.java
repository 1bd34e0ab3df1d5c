package dev.weft.inference.engine;

/**
 * Adapters by the tier of memory they are in; the counters grow from start on.
 *
 * @param slots adapters in slots, those being loaded or still in use after their unload included
 * @param slotBytes memory of those that are loaded
 * @param hostCache adapters that have left their slot and are held for a reload
 * @param hostCacheBytes memory of those
 * @param loads adapters made ready from their weights
 * @param reloads adapters that came back from the host cache
 * @param slotEvictions adapters that have left their slot
 * @param hostEvictions of these, adapters whose memory was let go: the next use is a load
 */
public record AdapterStatistics(
        int slots,
        long slotBytes,
        int hostCache,
        long hostCacheBytes,
        long loads,
        long reloads,
        long slotEvictions,
        long hostEvictions) {}
