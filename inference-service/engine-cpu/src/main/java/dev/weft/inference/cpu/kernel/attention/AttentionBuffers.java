package dev.weft.inference.cpu.kernel.attention;

import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import java.util.Arrays;

/**
 * Buffers for what attention computes for the queries of a tile: {@code queries} and {@code sums}
 * are {@code [queries][headDim]}, {@code scores} are {@code [queries][stride]}. Queries are a
 * multiple of {@link #QUAD}, padded with zeros. Each thread has its own.
 */
final class AttentionBuffers {
    /** Queries that are taken at a time, so that a key is loaded once for them. */
    static final int QUAD = 4;

    final int headDim;
    final KvScales scales = new KvScales();
    float[] queries = new float[0];
    float[] sums = new float[0];
    float[] scores = new float[0];
    int stride;

    /** The factor of products with keys. */
    float scale;

    AttentionBuffers(int headDim) {
        this.headDim = headDim;
    }

    /** Takes the queries of a tile, pads them, and clears the sums. */
    void begin(FloatMatrix q, Attention.Tile tile, float factor) {
        scale = factor;
        int count = tile.queries();
        int whole = Math.ceilDiv(count, QUAD) * QUAD;
        resize(whole, Attention.padded(tile.seenBy(count)));
        for (int i = 0; i < count; i++) {
            long from = q.offset(tile.row() + i / tile.heads(), tile.columnOf(i, headDim));
            VectorMath.copy(q.data(), from, queries, i * headDim, headDim);
        }
        Arrays.fill(queries, count * headDim, whole * headDim, 0f);
        Arrays.fill(sums, 0, whole * headDim, 0f);
    }

    /** Makes room for {@code count} queries that see up to {@code positions}. */
    private void resize(int count, int positions) {
        stride = positions;
        scales.resize(positions);
        if (queries.length < count * headDim) {
            queries = new float[count * headDim];
            sums = new float[count * headDim];
        }
        if (scores.length < count * positions) {
            scores = new float[count * positions];
        }
    }
}
