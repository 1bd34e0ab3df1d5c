package dev.weft.inference.engine.statistics;

import java.util.OptionalLong;

/**
 * The KV cache, in blocks.
 *
 * @param blockTokens positions of a block; 0 if the cache's state is not known
 * @param used blocks that requests hold; one that several hold counts once
 * @param cached blocks that keep prefixes which nobody uses now; empty if the engine's runtime
 *     counts them among the free ones
 * @param free all other blocks
 */
public record KvStatistics(int blockTokens, long used, OptionalLong cached, long free) {
    /** All blocks. */
    public long total() {
        return used + cached.orElse(0) + free;
    }

    /** Share of the blocks in use, 0 to 1; 0 if there are none. */
    public double usage() {
        return total() == 0 ? 0 : (double) used / total();
    }
}
