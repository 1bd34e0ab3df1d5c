package dev.weft.inference.cpu.kernel.attention;

/**
 * Buffers for what attention computes for the queries of a tile: {@code queries} and {@code sums}
 * are {@code [queries][headDim]}, {@code scores} are {@code [queries][stride]}. Queries are a
 * multiple of {@link #QUAD}, padded with zeros. Each thread has its own.
 */
final class AttentionBuffers {
    /** Queries that are taken at a time, so that a key is loaded once for them. */
    static final int QUAD = 4;

    final int headDim;
    float[] queries = new float[0];
    float[] sums = new float[0];
    float[] scores = new float[0];
    int stride;

    AttentionBuffers(int headDim) {
        this.headDim = headDim;
    }

    /** Makes room for {@code count} queries that see up to {@code positions}. */
    void resize(int count, int positions) {
        stride = positions;
        if (queries.length < count * headDim) {
            queries = new float[count * headDim];
            sums = new float[count * headDim];
        }
        if (scores.length < count * positions) {
            scores = new float[count * positions];
        }
    }
}
