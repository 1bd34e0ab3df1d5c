package dev.weft.inference.engine.statistics;

/**
 * Adapters by the tier of memory they are in; the counters grow from start on.
 *
 * @param slots adapters in slots, those being loaded or still in use after their unload included;
 *     the bytes are of those that are loaded
 * @param hostCache adapters that have left their slot and are held for a reload; after an eviction
 *     from here the next use is a load
 * @param loads adapters made ready from their weights
 * @param reloads adapters that came back from the host cache
 */
public record AdapterStatistics(Tier slots, Tier hostCache, long loads, long reloads) {
    /**
     * One tier.
     *
     * @param adapters that are in it
     * @param bytes that they take
     * @param evictions adapters that have left it downwards
     */
    public record Tier(int adapters, long bytes, long evictions) {}
}
