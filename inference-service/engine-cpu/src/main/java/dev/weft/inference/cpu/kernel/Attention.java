package dev.weft.inference.cpu.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention over blocks of cached keys and values. These are bf16, everything computed from them is
 * float. Keys of a block are {@code [headDim][BLOCK]}, so that a vector holds the scores of
 * neighbouring positions; values are {@code [BLOCK][headDim]}. Neither product needs a sum over
 * lanes.
 *
 * <p>A tile is the queries that read the same keys: the heads of a group, for one row or for
 * neighbouring rows of a prompt. Four queries are taken at a time, so that a key is loaded and
 * converted once for them. Each query's own sums run in the same order whatever is in its tile: its
 * bits do not depend on it. Each thread has its own instance.
 */
public final class Attention {
    /** Positions in a block; a multiple of every vector length. */
    public static final int BLOCK = 16;

    /** Scores of a tile, so that they stay in a core's own cache. */
    private static final int TILE_SCORES = 16 * 1024;

    private static final int TILE_ROWS = 16;
    private static final int QUAD = 4;

    /** Where block {@code index} of a sequence has its keys and values for one layer and head. */
    public interface Blocks {
        MemorySegment segment(int index);

        long keys(int index);

        long values(int index);
    }

    /**
     * Neighbouring rows of one sequence and the heads that share a KV head.
     *
     * @param row the first row; row {@code row + i} sees {@code length + i} positions
     * @param column of the first head, in queries and in outputs
     * @param heads of the group
     */
    public record Tile(int row, int rows, int length, int column, int heads) {
        /** The same rows, other heads. */
        public Tile at(int otherColumn) {
            return new Tile(row, rows, length, otherColumn, heads);
        }
    }

    private final int headDim;
    private final float scale;
    private float[] queries = new float[0];
    private float[] sums = new float[0];
    private float[] scores = new float[0];

    public Attention(int headDim) {
        this.headDim = headDim;
        this.scale = (float) (1.0 / Math.sqrt(headDim));
    }

    /** How many rows of up to {@code length} positions and {@code heads} heads make a tile. */
    public static int tileRows(int length, int heads) {
        return Math.clamp(TILE_SCORES / ((long) heads * padded(length)), 1, TILE_ROWS);
    }

    /** {@code target = softmax(q K^T / sqrt(headDim)) V} for every query of the tile. */
    public void apply(FloatMatrix q, Tile tile, Blocks blocks, FloatMatrix target) {
        int count = tile.rows * tile.heads;
        int stride = padded(tile.length + tile.rows - 1);
        makeRoom(padded(count, QUAD), stride);
        for (int i = 0; i < count; i++) {
            long from = q.offset(tile.row + i / tile.heads, column(tile, i));
            VectorMath.copy(q.data(), from, queries, i * headDim, headDim);
        }
        Arrays.fill(queries, count * headDim, padded(count, QUAD) * headDim, 0f);
        for (int first = 0; first < count; first += QUAD) {
            attend(tile, blocks, first, Math.min(QUAD, count - first), stride);
        }
        for (int i = 0; i < count; i++) {
            long to = target.offset(tile.row + i / tile.heads, column(tile, i));
            VectorMath.copy(sums, i * headDim, target.data(), to, headDim);
        }
    }

    private void attend(Tile tile, Blocks blocks, int first, int count, int stride) {
        int longest = tile.length + (first + count - 1) / tile.heads;
        int used = padded(longest) / BLOCK;
        boolean four = count > 2;
        int b = 0;
        for (; four && b + 2 <= used; b += 2) {
            scoreFourByTwo(blocks, b, first, stride);
        }
        for (; b < used; b++) {
            MemorySegment segment = blocks.segment(b);
            if (four) {
                scoreFour(segment, blocks.keys(b), first, b * BLOCK, stride);
            } else {
                for (int i = first; i < first + count; i++) {
                    scoreOne(segment, blocks.keys(b), i, i * stride + b * BLOCK);
                }
            }
        }
        for (int i = first; i < first + count; i++) {
            softmax(i * stride, tile.length + i / tile.heads, used * BLOCK);
        }
        Arrays.fill(sums, first * headDim, (first + QUAD) * headDim, 0f);
        for (b = 0; b < used; b++) {
            MemorySegment segment = blocks.segment(b);
            int end = Math.min(BLOCK, longest - b * BLOCK);
            if (four) {
                weightFour(segment, blocks.values(b), first, b * BLOCK, stride, end);
            } else {
                for (int i = first; i < first + count; i++) {
                    weightOne(segment, blocks.values(b), i, i * stride + b * BLOCK, end);
                }
            }
        }
    }

    private void scoreFourByTwo(Blocks blocks, int b, int first, int stride) {
        MemorySegment left = blocks.segment(b);
        MemorySegment right = blocks.segment(b + 1);
        long leftKeys = blocks.keys(b);
        long rightKeys = blocks.keys(b + 1);
        float[] q = queries;
        int q0 = first * headDim;
        int q1 = q0 + headDim;
        int q2 = q1 + headDim;
        int q3 = q2 + headDim;
        for (int c = 0; c < BLOCK; c += VectorMath.LANES) {
            FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector a3 = a0;
            FloatVector b0 = a0;
            FloatVector b1 = a0;
            FloatVector b2 = a0;
            FloatVector b3 = a0;
            for (int d = 0; d < headDim; d++) {
                long offset = 2L * (d * BLOCK + c);
                FloatVector k0 = VectorMath.loadBf16(left, leftKeys + offset);
                FloatVector k1 = VectorMath.loadBf16(right, rightKeys + offset);
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
            int to = first * stride + b * BLOCK + c;
            scores(a0, b0, to);
            scores(a1, b1, to + stride);
            scores(a2, b2, to + 2 * stride);
            scores(a3, b3, to + 3 * stride);
        }
    }

    private void scores(FloatVector left, FloatVector right, int to) {
        left.mul(scale).intoArray(scores, to);
        right.mul(scale).intoArray(scores, to + BLOCK);
    }

    private void scoreFour(MemorySegment block, long keys, int first, int at, int stride) {
        float[] q = queries;
        int q0 = first * headDim;
        int q1 = q0 + headDim;
        int q2 = q1 + headDim;
        int q3 = q2 + headDim;
        for (int c = 0; c < BLOCK; c += VectorMath.LANES) {
            FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector a3 = a0;
            for (int d = 0; d < headDim; d++) {
                FloatVector key = VectorMath.loadBf16(block, keys + 2L * (d * BLOCK + c));
                a0 = key.fma(broadcast(q[q0 + d]), a0);
                a1 = key.fma(broadcast(q[q1 + d]), a1);
                a2 = key.fma(broadcast(q[q2 + d]), a2);
                a3 = key.fma(broadcast(q[q3 + d]), a3);
            }
            int to = first * stride + at + c;
            a0.mul(scale).intoArray(scores, to);
            a1.mul(scale).intoArray(scores, to + stride);
            a2.mul(scale).intoArray(scores, to + 2 * stride);
            a3.mul(scale).intoArray(scores, to + 3 * stride);
        }
    }

    private void scoreOne(MemorySegment block, long keys, int query, int at) {
        float[] q = queries;
        int q0 = query * headDim;
        for (int c = 0; c < BLOCK; c += VectorMath.LANES) {
            FloatVector a = FloatVector.zero(VectorMath.FLOATS);
            for (int d = 0; d < headDim; d++) {
                FloatVector key = VectorMath.loadBf16(block, keys + 2L * (d * BLOCK + c));
                a = key.fma(broadcast(q[q0 + d]), a);
            }
            a.mul(scale).intoArray(scores, at + c);
        }
    }

    /** Turns scores into weights; those from {@code length} on become 0. */
    private void softmax(int at, int length, int padded) {
        Arrays.fill(scores, at + length, at + padded, Float.NEGATIVE_INFINITY);
        FloatVector largest = FloatVector.fromArray(VectorMath.FLOATS, scores, at);
        for (int i = VectorMath.LANES; i < padded; i += VectorMath.LANES) {
            largest = largest.max(FloatVector.fromArray(VectorMath.FLOATS, scores, at + i));
        }
        float max = largest.reduceLanes(VectorOperators.MAX);
        FloatVector total = FloatVector.zero(VectorMath.FLOATS);
        int whole = length / VectorMath.LANES * VectorMath.LANES;
        int i = 0;
        for (; i < whole; i += VectorMath.LANES) {
            FloatVector e = exponential(at + i, max);
            e.intoArray(scores, at + i);
            total = total.add(e);
        }
        if (whole < length) {
            exponential(at + i, max).intoArray(scores, at + i);
            Arrays.fill(scores, at + length, at + i + VectorMath.LANES, 0f);
            total = total.add(FloatVector.fromArray(VectorMath.FLOATS, scores, at + i));
            i += VectorMath.LANES;
        }
        Arrays.fill(scores, at + i, at + padded, 0f);
        float factor = 1f / VectorMath.sum(total);
        for (int j = 0; j < i; j += VectorMath.LANES) {
            FloatVector.fromArray(VectorMath.FLOATS, scores, at + j)
                    .mul(factor)
                    .intoArray(scores, at + j);
        }
    }

    private FloatVector exponential(int at, float max) {
        return VectorMath.exp(FloatVector.fromArray(VectorMath.FLOATS, scores, at).sub(max));
    }

    private void weightFour(
            MemorySegment block, long values, int first, int at, int stride, int end) {
        int d = 0;
        for (; d + 2 * VectorMath.LANES <= headDim; d += 2 * VectorMath.LANES) {
            weightFourByTwo(block, values + 2L * d, first * headDim + d, first, at, stride, end);
        }
        for (int i = first; i < first + QUAD; i++) {
            weightRest(block, values, i, i * stride + at, end, d);
        }
    }

    private void weightFourByTwo(
            MemorySegment block, long values, int to, int first, int at, int stride, int end) {
        float[] w = scores;
        int w0 = first * stride + at;
        int w1 = w0 + stride;
        int w2 = w1 + stride;
        int w3 = w2 + stride;
        FloatVector a0 = sum(to, 0);
        FloatVector b0 = sum(to, VectorMath.LANES);
        FloatVector a1 = sum(to + headDim, 0);
        FloatVector b1 = sum(to + headDim, VectorMath.LANES);
        FloatVector a2 = sum(to + 2 * headDim, 0);
        FloatVector b2 = sum(to + 2 * headDim, VectorMath.LANES);
        FloatVector a3 = sum(to + 3 * headDim, 0);
        FloatVector b3 = sum(to + 3 * headDim, VectorMath.LANES);
        for (int t = 0; t < end; t++) {
            long from = values + 2L * t * headDim;
            FloatVector low = VectorMath.loadBf16(block, from);
            FloatVector high = VectorMath.loadBf16(block, from + 2L * VectorMath.LANES);
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
        keep(to, a0, b0);
        keep(to + headDim, a1, b1);
        keep(to + 2 * headDim, a2, b2);
        keep(to + 3 * headDim, a3, b3);
    }

    private void weightOne(MemorySegment block, long values, int query, int at, int end) {
        int d = 0;
        for (; d + 2 * VectorMath.LANES <= headDim; d += 2 * VectorMath.LANES) {
            int to = query * headDim + d;
            FloatVector a = sum(to, 0);
            FloatVector b = sum(to, VectorMath.LANES);
            for (int t = 0; t < end; t++) {
                long from = values + 2L * (t * headDim + d);
                FloatVector f = broadcast(scores[at + t]);
                a = VectorMath.loadBf16(block, from).fma(f, a);
                b = VectorMath.loadBf16(block, from + 2L * VectorMath.LANES).fma(f, b);
            }
            keep(to, a, b);
        }
        weightRest(block, values, query, at, end, d);
    }

    /** The elements from {@code d} on, fewer than two vectors. */
    private void weightRest(
            MemorySegment block, long values, int query, int at, int end, int from) {
        int d = from;
        for (; d + VectorMath.LANES <= headDim; d += VectorMath.LANES) {
            FloatVector a = sum(query * headDim + d, 0);
            for (int t = 0; t < end; t++) {
                FloatVector value = VectorMath.loadBf16(block, values + 2L * (t * headDim + d));
                a = value.fma(broadcast(scores[at + t]), a);
            }
            a.intoArray(sums, query * headDim + d);
        }
        for (; d < headDim; d++) {
            float sum = sums[query * headDim + d];
            for (int t = 0; t < end; t++) {
                float value = VectorMath.bf16(block, values + 2L * (t * headDim + d));
                sum = Math.fma(scores[at + t], value, sum);
            }
            sums[query * headDim + d] = sum;
        }
    }

    private FloatVector sum(int at, int offset) {
        return FloatVector.fromArray(VectorMath.FLOATS, sums, at + offset);
    }

    private void keep(int at, FloatVector low, FloatVector high) {
        low.intoArray(sums, at);
        high.intoArray(sums, at + VectorMath.LANES);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(VectorMath.FLOATS, value);
    }

    private int column(Tile tile, int query) {
        return tile.column + query % tile.heads * headDim;
    }

    private void makeRoom(int count, int stride) {
        if (queries.length < count * headDim) {
            queries = new float[count * headDim];
            sums = new float[count * headDim];
        }
        if (scores.length < count * stride) {
            scores = new float[count * stride];
        }
    }

    private static int padded(int length) {
        return padded(length, BLOCK);
    }

    private static int padded(int count, int unit) {
        return (count + unit - 1) / unit * unit;
    }
}
