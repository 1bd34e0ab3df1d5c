package dev.weft.inference.cpu.kernel.attention;

import dev.weft.inference.cpu.kernel.math.Conversions;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/** Products of up to four queries with keys and values as they lie in the cache's blocks. */
final class BlockProducts {
    private static final int BLOCK = Attention.BLOCK;
    private static final int LANES = VectorMath.LANES;

    private final AttentionBuffers buffers;
    private final int headDim;

    /**
     * Whether the blocks that are multiplied are int8; a process has one kind, so that compiled
     * code has one.
     */
    private boolean isInt8;

    BlockProducts(AttentionBuffers buffers) {
        this.buffers = buffers;
        this.headDim = buffers.headDim;
    }

    /**
     * {@code scores = scale * q K} for queries from {@code first} on, over the blocks {@code from}
     * to {@code to - 1}.
     */
    void score(Attention.Blocks blocks, int from, int to, int first, int count) {
        boolean four = count > 2;
        isInt8 = blocks.precision() == KvPrecision.INT8;
        int b = from;
        for (; four && b + 2 <= to; b += 2) {
            scoreFourByTwo(blocks, b, first);
        }
        for (; b < to; b++) {
            MemorySegment segment = blocks.segment(b);
            if (four) {
                scoreFour(segment, blocks.keys(b), first, b * BLOCK);
            } else {
                for (int i = first; i < first + count; i++) {
                    scoreOne(segment, blocks.keys(b), i, b * BLOCK);
                }
            }
        }
    }

    /** Elements {@code from} to {@code to - 1} of a head's values. */
    record Elements(int from, int to) {}

    /** {@code sums += w V}, over the first {@code length} positions. */
    void weigh(Attention.Blocks blocks, int length, int first, int count, Elements elements) {
        isInt8 = blocks.precision() == KvPrecision.INT8;
        for (int at = 0; at < length; at += BLOCK) {
            MemorySegment segment = blocks.segment(at / BLOCK);
            long values = blocks.values(at / BLOCK);
            int end = Math.min(BLOCK, length - at);
            if (count > 2) {
                weighFour(segment, values, first, at, end, elements);
            } else {
                for (int i = first; i < first + count; i++) {
                    weighOne(segment, values, i, at, end, elements);
                }
            }
        }
    }

    private void scoreFourByTwo(Attention.Blocks blocks, int b, int first) {
        MemorySegment left = blocks.segment(b);
        MemorySegment right = blocks.segment(b + 1);
        long leftKeys = blocks.keys(b);
        long rightKeys = blocks.keys(b + 1);
        float[] q = buffers.queries;
        int q0 = first * headDim;
        int q1 = q0 + headDim;
        int q2 = q1 + headDim;
        int q3 = q2 + headDim;
        for (int c = 0; c < BLOCK; c += LANES) {
            FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector a3 = a0;
            FloatVector b0 = a0;
            FloatVector b1 = a0;
            FloatVector b2 = a0;
            FloatVector b3 = a0;
            for (int d = 0; d < headDim; d++) {
                int offset = d * BLOCK + c;
                FloatVector k0 = load(left, leftKeys, offset);
                FloatVector k1 = load(right, rightKeys, offset);
                FloatVector x0 = broadcast(q[q0 + d]);
                FloatVector x1 = broadcast(q[q1 + d]);
                FloatVector x2 = broadcast(q[q2 + d]);
                FloatVector x3 = broadcast(q[q3 + d]);
                a0 = k0.fma(x0, a0);
                b0 = k1.fma(x0, b0);
                a1 = k0.fma(x1, a1);
                b1 = k1.fma(x1, b1);
                a2 = k0.fma(x2, a2);
                b2 = k1.fma(x2, b2);
                a3 = k0.fma(x3, a3);
                b3 = k1.fma(x3, b3);
            }
            int to = first * buffers.stride + b * BLOCK + c;
            keepScores(a0, b0, to);
            keepScores(a1, b1, to + buffers.stride);
            keepScores(a2, b2, to + 2 * buffers.stride);
            keepScores(a3, b3, to + 3 * buffers.stride);
        }
    }

    private void keepScores(FloatVector left, FloatVector right, int to) {
        left.mul(buffers.scale).intoArray(buffers.scores, to);
        right.mul(buffers.scale).intoArray(buffers.scores, to + BLOCK);
    }

    private void scoreFour(MemorySegment block, long keys, int first, int at) {
        float[] q = buffers.queries;
        int q0 = first * headDim;
        int q1 = q0 + headDim;
        int q2 = q1 + headDim;
        int q3 = q2 + headDim;
        for (int c = 0; c < BLOCK; c += LANES) {
            FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector a3 = a0;
            for (int d = 0; d < headDim; d++) {
                FloatVector key = load(block, keys, d * BLOCK + c);
                a0 = key.fma(broadcast(q[q0 + d]), a0);
                a1 = key.fma(broadcast(q[q1 + d]), a1);
                a2 = key.fma(broadcast(q[q2 + d]), a2);
                a3 = key.fma(broadcast(q[q3 + d]), a3);
            }
            int to = first * buffers.stride + at + c;
            a0.mul(buffers.scale).intoArray(buffers.scores, to);
            a1.mul(buffers.scale).intoArray(buffers.scores, to + buffers.stride);
            a2.mul(buffers.scale).intoArray(buffers.scores, to + 2 * buffers.stride);
            a3.mul(buffers.scale).intoArray(buffers.scores, to + 3 * buffers.stride);
        }
    }

    private void scoreOne(MemorySegment block, long keys, int query, int at) {
        float[] q = buffers.queries;
        int q0 = query * headDim;
        for (int c = 0; c < BLOCK; c += LANES) {
            FloatVector a = FloatVector.zero(VectorMath.FLOATS);
            for (int d = 0; d < headDim; d++) {
                FloatVector key = load(block, keys, d * BLOCK + c);
                a = key.fma(broadcast(q[q0 + d]), a);
            }
            a.mul(buffers.scale).intoArray(buffers.scores, query * buffers.stride + at + c);
        }
    }

    private void weighFour(
            MemorySegment block, long values, int first, int at, int end, Elements elements) {
        int d = elements.from;
        for (; d + 2 * LANES <= elements.to; d += 2 * LANES) {
            weighFourByTwo(block, values, d, first, at, end);
        }
        for (int i = first; i < first + AttentionBuffers.QUAD; i++) {
            weighRest(block, values, i, at, end, new Elements(d, elements.to));
        }
    }

    private void weighFourByTwo(
            MemorySegment block, long values, int element, int first, int at, int end) {
        float[] w = buffers.scores;
        int to = first * headDim + element;
        int w0 = first * buffers.stride + at;
        int w1 = w0 + buffers.stride;
        int w2 = w1 + buffers.stride;
        int w3 = w2 + buffers.stride;
        FloatVector a0 = sum(to, 0);
        FloatVector b0 = sum(to, LANES);
        FloatVector a1 = sum(to + headDim, 0);
        FloatVector b1 = sum(to + headDim, LANES);
        FloatVector a2 = sum(to + 2 * headDim, 0);
        FloatVector b2 = sum(to + 2 * headDim, LANES);
        FloatVector a3 = sum(to + 3 * headDim, 0);
        FloatVector b3 = sum(to + 3 * headDim, LANES);
        for (int t = 0; t < end; t++) {
            int from = element + t * headDim;
            FloatVector low = load(block, values, from);
            FloatVector high = load(block, values, from + LANES);
            FloatVector f0 = broadcast(w[w0 + t]);
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
        keepSums(to, a0, b0);
        keepSums(to + headDim, a1, b1);
        keepSums(to + 2 * headDim, a2, b2);
        keepSums(to + 3 * headDim, a3, b3);
    }

    private void weighOne(
            MemorySegment block, long values, int query, int at, int end, Elements elements) {
        int w = query * buffers.stride + at;
        int d = elements.from;
        for (; d + 2 * LANES <= elements.to; d += 2 * LANES) {
            int to = query * headDim + d;
            FloatVector a = sum(to, 0);
            FloatVector b = sum(to, LANES);
            for (int t = 0; t < end; t++) {
                int from = t * headDim + d;
                FloatVector f = broadcast(buffers.scores[w + t]);
                a = load(block, values, from).fma(f, a);
                b = load(block, values, from + LANES).fma(f, b);
            }
            keepSums(to, a, b);
        }
        weighRest(block, values, query, at, end, new Elements(d, elements.to));
    }

    /** Elements that are fewer than two vectors. */
    private void weighRest(
            MemorySegment block, long values, int query, int at, int end, Elements elements) {
        float[] sums = buffers.sums;
        int w = query * buffers.stride + at;
        int d = elements.from;
        for (; d + LANES <= elements.to; d += LANES) {
            FloatVector a = sum(query * headDim + d, 0);
            for (int t = 0; t < end; t++) {
                FloatVector value = load(block, values, t * headDim + d);
                a = value.fma(broadcast(buffers.scores[w + t]), a);
            }
            a.intoArray(sums, query * headDim + d);
        }
        for (; d < elements.to; d++) {
            float sum = sums[query * headDim + d];
            for (int t = 0; t < end; t++) {
                float value = one(block, values, t * headDim + d);
                sum = Math.fma(buffers.scores[w + t], value, sum);
            }
            sums[query * headDim + d] = sum;
        }
    }

    /** Elements of keys or values, without their scale. */
    private FloatVector load(MemorySegment block, long from, int element) {
        return isInt8
                ? Conversions.loadInt8(block, from + element)
                : Conversions.loadInt16(block, from + 2L * element);
    }

    private float one(MemorySegment block, long from, int element) {
        return isInt8
                ? block.get(ValueLayout.JAVA_BYTE, from + element)
                : block.get(ValueLayout.JAVA_SHORT, from + 2L * element);
    }

    private FloatVector sum(int at, int offset) {
        return FloatVector.fromArray(VectorMath.FLOATS, buffers.sums, at + offset);
    }

    private void keepSums(int at, FloatVector low, FloatVector high) {
        low.intoArray(buffers.sums, at);
        high.intoArray(buffers.sums, at + LANES);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(VectorMath.FLOATS, value);
    }
}
