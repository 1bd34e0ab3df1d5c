package dev.weft.inference.cpu.kernel.attention;

import org.jspecify.annotations.Nullable;

/**
 * How the products of queries and keys become weights in one layer.
 *
 * @param scale products are multiplied by it
 * @param window positions that a row sees, its own included; 0 for all
 * @param cap a score becomes {@code cap * tanh(score / cap)}; 0 for none
 * @param sinks a score for each head that takes weight and has no value; null for none
 */
@SuppressWarnings("ArrayRecordComponent") // read by every query; nobody else has the array
public record ScoreRule(float scale, int window, float cap, float @Nullable [] sinks) {
    /** Products over {@code sqrt(headDim)}, of all positions. */
    public static ScoreRule plain(int headDim) {
        return new ScoreRule((float) (1.0 / Math.sqrt(headDim)), 0, 0, null);
    }

    /** The first position that a row with {@code length} positions sees. */
    public int from(int length) {
        return window == 0 ? 0 : Math.max(0, length - window);
    }

    /** Whole blocks that lie before all that a tile's rows see. */
    public int blocksBehind(Attention.Tile tile) {
        return from(tile.length()) / Attention.BLOCK;
    }

    /** The sink's score of a head; negative infinity if there is none. */
    float sink(int head) {
        return sinks == null ? Float.NEGATIVE_INFINITY : sinks[head];
    }
}
