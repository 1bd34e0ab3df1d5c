package dev.weft.inference.cpu.kernel.attention;

import dev.weft.inference.cpu.kernel.math.Conversions;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Products of a prompt's queries with a chunk of neighbouring positions, whose keys or values are
 * unpacked to floats once for all of them. Sums run in the order of {@link BlockProducts}: the bits
 * are the same.
 */
final class ChunkProducts {
    /**
     * Positions of a chunk, whole blocks: with 64 floats each they fill half of a core's first
     * cache.
     */
    static final int POSITIONS = 4 * Attention.BLOCK;

    private static final int LANES = VectorMath.LANES;

    private final AttentionBuffers buffers;
    private final int headDim;
    private final float[] unpacked;

    ChunkProducts(AttentionBuffers buffers) {
        this.buffers = buffers;
        this.headDim = buffers.headDim;
        this.unpacked = new float[headDim * POSITIONS];
    }

    /** Unpacks the keys of a chunk: {@code [headDim][POSITIONS]}. */
    void loadKeys(Attention.Blocks blocks, int from, int end) {
        boolean isInt8 = blocks.precision() == KvPrecision.INT8;
        for (int at = from; at < Math.min(end, from + POSITIONS); at += Attention.BLOCK) {
            MemorySegment segment = blocks.segment(at / Attention.BLOCK);
            long keys = blocks.keys(at / Attention.BLOCK);
            for (int c = 0; c < Attention.BLOCK; c += LANES) {
                for (int d = 0; d < headDim; d++) {
                    load(segment, keys, d * Attention.BLOCK + c, isInt8)
                            .intoArray(unpacked, d * POSITIONS + at - from + c);
                }
            }
        }
    }

    /** Unpacks the values of a chunk: {@code [POSITIONS][headDim]}. */
    void loadValues(Attention.Blocks blocks, int from, int end) {
        int size = Attention.BLOCK * headDim;
        boolean isInt8 = blocks.precision() == KvPrecision.INT8;
        for (int at = from; at < Math.min(end, from + POSITIONS); at += Attention.BLOCK) {
            MemorySegment segment = blocks.segment(at / Attention.BLOCK);
            long values = blocks.values(at / Attention.BLOCK);
            // The elements of a block are whole vectors.
            for (int i = 0; i < size; i += LANES) {
                load(segment, values, i, isInt8).intoArray(unpacked, (at - from) * headDim + i);
            }
        }
    }

    /**
     * {@code scores = scale * q K} for the four queries from {@code first} on.
     *
     * @param from the chunk's first position
     * @param end of the positions that are wanted, whole blocks
     */
    void score(int first, int from, int end) {
        int positions = Math.min(POSITIONS, end - from);
        int c = 0;
        for (; c + 2 * LANES <= positions; c += 2 * LANES) {
            scoreTwo(first, c, from);
        }
        for (; c < positions; c += LANES) {
            scoreOne(first, c, from);
        }
    }

    private void scoreTwo(int first, int column, int from) {
        float[] k = unpacked;
        float[] q = buffers.queries;
        int query = first * headDim;
        int q1 = query + headDim;
        int q2 = q1 + headDim;
        int q3 = q2 + headDim;
        FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        for (int d = 0; d < headDim; d++) {
            FloatVector left = load(k, d * POSITIONS + column);
            FloatVector right = load(k, d * POSITIONS + column + LANES);
            FloatVector x0 = broadcast(q[query + d]);
            FloatVector x1 = broadcast(q[q1 + d]);
            FloatVector x2 = broadcast(q[q2 + d]);
            FloatVector x3 = broadcast(q[q3 + d]);
            a0 = left.fma(x0, a0);
            b0 = right.fma(x0, b0);
            a1 = left.fma(x1, a1);
            b1 = right.fma(x1, b1);
            a2 = left.fma(x2, a2);
            b2 = right.fma(x2, b2);
            a3 = left.fma(x3, a3);
            b3 = right.fma(x3, b3);
        }
        float[] scores = buffers.scores;
        int stride = buffers.stride;
        int to = first * stride + from + column;
        store(a0.mul(buffers.scale), b0.mul(buffers.scale), scores, to);
        store(a1.mul(buffers.scale), b1.mul(buffers.scale), scores, to + stride);
        store(a2.mul(buffers.scale), b2.mul(buffers.scale), scores, to + 2 * stride);
        store(a3.mul(buffers.scale), b3.mul(buffers.scale), scores, to + 3 * stride);
    }

    private void scoreOne(int first, int column, int from) {
        float[] k = unpacked;
        float[] q = buffers.queries;
        int query = first * headDim;
        int q1 = query + headDim;
        int q2 = q1 + headDim;
        int q3 = q2 + headDim;
        FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        for (int d = 0; d < headDim; d++) {
            FloatVector key = load(k, d * POSITIONS + column);
            a0 = key.fma(broadcast(q[query + d]), a0);
            a1 = key.fma(broadcast(q[q1 + d]), a1);
            a2 = key.fma(broadcast(q[q2 + d]), a2);
            a3 = key.fma(broadcast(q[q3 + d]), a3);
        }
        float[] scores = buffers.scores;
        int stride = buffers.stride;
        int to = first * stride + from + column;
        a0.mul(buffers.scale).intoArray(scores, to);
        a1.mul(buffers.scale).intoArray(scores, to + stride);
        a2.mul(buffers.scale).intoArray(scores, to + 2 * stride);
        a3.mul(buffers.scale).intoArray(scores, to + 3 * stride);
    }

    /**
     * {@code sums += w V} for the four queries from {@code first} on.
     *
     * @param from the chunk's first position
     * @param end of the positions that weigh anything
     */
    void weigh(int first, int from, int end) {
        int positions = Math.min(POSITIONS, end - from);
        if (positions <= 0) {
            return;
        }
        int d = 0;
        for (; d + 2 * LANES <= headDim; d += 2 * LANES) {
            weighTwo(first, from, positions, d);
        }
        for (int i = first; i < first + AttentionBuffers.QUAD; i++) {
            weighRest(i, from, positions, d);
        }
    }

    private void weighTwo(int first, int from, int positions, int d) {
        float[] w = buffers.scores;
        float[] sums = buffers.sums;
        int weight = first * buffers.stride + from;
        int stride = buffers.stride;
        int to = first * headDim + d;
        float[] v = unpacked;
        int w1 = weight + stride;
        int w2 = w1 + stride;
        int w3 = w2 + stride;
        int to1 = to + headDim;
        int to2 = to1 + headDim;
        int to3 = to2 + headDim;
        FloatVector a0 = load(sums, to);
        FloatVector b0 = load(sums, to + LANES);
        FloatVector a1 = load(sums, to1);
        FloatVector b1 = load(sums, to1 + LANES);
        FloatVector a2 = load(sums, to2);
        FloatVector b2 = load(sums, to2 + LANES);
        FloatVector a3 = load(sums, to3);
        FloatVector b3 = load(sums, to3 + LANES);
        for (int t = 0; t < positions; t++) {
            FloatVector low = load(v, t * headDim + d);
            FloatVector high = load(v, t * headDim + d + LANES);
            FloatVector f0 = broadcast(w[weight + t]);
            FloatVector f1 = broadcast(w[w1 + t]);
            FloatVector f2 = broadcast(w[w2 + t]);
            FloatVector f3 = broadcast(w[w3 + t]);
            a0 = low.fma(f0, a0);
            b0 = high.fma(f0, b0);
            a1 = low.fma(f1, a1);
            b1 = high.fma(f1, b1);
            a2 = low.fma(f2, a2);
            b2 = high.fma(f2, b2);
            a3 = low.fma(f3, a3);
            b3 = high.fma(f3, b3);
        }
        store(a0, b0, sums, to);
        store(a1, b1, sums, to1);
        store(a2, b2, sums, to2);
        store(a3, b3, sums, to3);
    }

    /** The elements from {@code begin} on, fewer than two vectors. */
    private void weighRest(int query, int from, int positions, int begin) {
        float[] weights = buffers.scores;
        float[] sums = buffers.sums;
        int weight = query * buffers.stride + from;
        int to = query * headDim;
        int d = begin;
        for (; d + LANES <= headDim; d += LANES) {
            FloatVector a = load(sums, to + d);
            for (int t = 0; t < positions; t++) {
                a = load(unpacked, t * headDim + d).fma(broadcast(weights[weight + t]), a);
            }
            a.intoArray(sums, to + d);
        }
        for (; d < headDim; d++) {
            float sum = sums[to + d];
            for (int t = 0; t < positions; t++) {
                sum = Math.fma(weights[weight + t], unpacked[t * headDim + d], sum);
            }
            sums[to + d] = sum;
        }
    }

    /** Elements of keys or values, without their scale. */
    private static FloatVector load(MemorySegment block, long from, int element, boolean isInt8) {
        return isInt8
                ? Conversions.loadInt8(block, from + element)
                : Conversions.loadInt16(block, from + 2L * element);
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(VectorMath.FLOATS, from, at);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(VectorMath.FLOATS, value);
    }

    private static void store(FloatVector low, FloatVector high, float[] to, int at) {
        low.intoArray(to, at);
        high.intoArray(to, at + LANES);
    }
}
