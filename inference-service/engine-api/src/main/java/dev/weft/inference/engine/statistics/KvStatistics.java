package dev.weft.inference.engine.statistics;

import java.util.OptionalLong;

/**
 * The KV cache, in blocks.
 *
 * @param blockTokens positions of a block; 0 where the cache's state is not known
 * @param used blocks that requests hold; one that several hold counts once
 * @param cached blocks that keep prefixes which nobody uses now; empty where the engine's runtime
 *     counts them among the free ones
 * @param free all others
 */
public record KvStatistics(int blockTokens, long used, OptionalLong cached, long free) {
    /** Blocks that there are. */
    public long total() {
        return used + cached.orElse(0) + free;
    }

    /** Share in use, 0 to 1; 0 where there are none. */
    public double usage() {
        return total() == 0 ? 0 : (double) used / total();
    }
}
