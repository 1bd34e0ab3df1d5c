package dev.weft.inference.cpu.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Attention of one query over blocks of cached keys and values, in float. Keys of a block are
 * {@code [headDim][BLOCK]}, so that a vector holds the scores of neighbouring positions; values are
 * {@code [BLOCK][headDim]}. Neither product needs a sum over lanes. Each thread has its own.
 */
public final class Attention {
    /** Positions in a block; a multiple of every vector length. */
    public static final int BLOCK = 16;

    private static final int LANES = Math.min(VectorMath.LANES, BLOCK);

    /** Where block {@code index} of a sequence has its keys and values for one layer and head. */
    public interface Blocks {
        MemorySegment segment(int index);

        long keys(int index);

        long values(int index);
    }

    private final int headDim;
    private final float scale;
    private final float[] scores;

    /** For sequences of up to {@code contextLength} positions. */
    public Attention(int headDim, int contextLength) {
        this.headDim = headDim;
        this.scale = (float) (1.0 / Math.sqrt(headDim));
        this.scores = new float[(contextLength + BLOCK - 1) / BLOCK * BLOCK];
    }

    /**
     * {@code target = softmax(q K^T / sqrt(headDim)) V} over the first {@code length} positions.
     *
     * @param query byte offset of the query's {@code headDim} floats in {@code queries}
     */
    public void apply(
            MemorySegment queries,
            long query,
            Blocks blocks,
            int length,
            MemorySegment target,
            long to) {
        int count = (length + BLOCK - 1) / BLOCK;
        for (int b = 0; b < count; b++) {
            score(queries, query, blocks.segment(b), blocks.keys(b), b * BLOCK);
        }
        softmax(length, count * BLOCK);
        int d = 0;
        for (; d + 2 * LANES <= headDim; d += 2 * LANES) {
            weightedTwo(blocks, length, d, target, to);
        }
        for (; d + LANES <= headDim; d += LANES) {
            weightedOne(blocks, length, d, target, to);
        }
        for (; d < headDim; d++) {
            weightedScalar(blocks, length, d, target, to);
        }
    }

    private void score(MemorySegment queries, long query, MemorySegment block, long keys, int at) {
        for (int c = 0; c < BLOCK; c += LANES) {
            FloatVector even = FloatVector.zero(VectorMath.FLOATS);
            FloatVector odd = even;
            int d = 0;
            for (; d + 1 < headDim; d += 2) {
                even = key(block, keys, d, c).fma(element(queries, query, d), even);
                odd = key(block, keys, d + 1, c).fma(element(queries, query, d + 1), odd);
            }
            if (d < headDim) {
                even = key(block, keys, d, c).fma(element(queries, query, d), even);
            }
            even.add(odd).mul(scale).intoArray(scores, at + c);
        }
    }

    private static FloatVector key(MemorySegment block, long keys, int d, int c) {
        return VectorMath.load(block, keys + 4L * (d * BLOCK + c));
    }

    private static FloatVector element(MemorySegment queries, long query, int d) {
        return FloatVector.broadcast(
                VectorMath.FLOATS, queries.get(ValueLayout.JAVA_FLOAT, query + 4L * d));
    }

    /** Turns the scores into weights; those beyond {@code length} become 0. */
    private void softmax(int length, int padded) {
        float max = scores[0];
        for (int i = 1; i < length; i++) {
            max = Math.max(max, scores[i]);
        }
        Arrays.fill(scores, length, padded, max);
        for (int i = 0; i < padded; i += LANES) {
            VectorMath.exp(FloatVector.fromArray(VectorMath.FLOATS, scores, i).sub(max))
                    .intoArray(scores, i);
        }
        Arrays.fill(scores, length, padded, 0f);
        FloatVector sums = FloatVector.zero(VectorMath.FLOATS);
        for (int i = 0; i < padded; i += LANES) {
            sums = sums.add(FloatVector.fromArray(VectorMath.FLOATS, scores, i));
        }
        float factor = 1f / VectorMath.sum(sums);
        for (int i = 0; i < padded; i += LANES) {
            FloatVector.fromArray(VectorMath.FLOATS, scores, i).mul(factor).intoArray(scores, i);
        }
    }

    private void weightedTwo(Blocks blocks, int length, int d, MemorySegment target, long to) {
        FloatVector a = FloatVector.zero(VectorMath.FLOATS);
        FloatVector b = a;
        for (int block = 0; block * BLOCK < length; block++) {
            MemorySegment segment = blocks.segment(block);
            long values = blocks.values(block) + 4L * d;
            int end = Math.min(BLOCK, length - block * BLOCK);
            for (int t = 0; t < end; t++) {
                FloatVector weight =
                        FloatVector.broadcast(VectorMath.FLOATS, scores[block * BLOCK + t]);
                long at = values + 4L * t * headDim;
                a = VectorMath.load(segment, at).fma(weight, a);
                b = VectorMath.load(segment, at + 4L * LANES).fma(weight, b);
            }
        }
        a.intoMemorySegment(target, to + 4L * d, VectorMath.ORDER);
        b.intoMemorySegment(target, to + 4L * (d + LANES), VectorMath.ORDER);
    }

    private void weightedOne(Blocks blocks, int length, int d, MemorySegment target, long to) {
        FloatVector a = FloatVector.zero(VectorMath.FLOATS);
        for (int block = 0; block * BLOCK < length; block++) {
            MemorySegment segment = blocks.segment(block);
            long values = blocks.values(block) + 4L * d;
            int end = Math.min(BLOCK, length - block * BLOCK);
            for (int t = 0; t < end; t++) {
                FloatVector weight =
                        FloatVector.broadcast(VectorMath.FLOATS, scores[block * BLOCK + t]);
                a = VectorMath.load(segment, values + 4L * t * headDim).fma(weight, a);
            }
        }
        a.intoMemorySegment(target, to + 4L * d, VectorMath.ORDER);
    }

    private void weightedScalar(Blocks blocks, int length, int d, MemorySegment target, long to) {
        float sum = 0;
        for (int t = 0; t < length; t++) {
            int block = t / BLOCK;
            long at = blocks.values(block) + 4L * ((long) (t % BLOCK) * headDim + d);
            float value = blocks.segment(block).get(ValueLayout.JAVA_FLOAT, at);
            sum = Math.fma(scores[t], value, sum);
        }
        target.set(ValueLayout.JAVA_FLOAT, to + 4L * d, sum);
    }
}
