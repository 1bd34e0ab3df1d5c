package dev.weft.inference.cpu.kernel.vector;

import dev.weft.inference.cpu.kernel.math.OffHeap;
import dev.weft.inference.cpu.kernel.math.VectorMath;
import dev.weft.inference.cpu.kernel.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * {@code y[row][o] (+)= scale * sum_i x[row][i] * W[o][i]} over a {@link TiledMatrix}. Rows are
 * taken four at a time and tiles two, so that a weight is loaded and converted once for four rows
 * and an input once for two tiles; that is as large as a kernel may be before the compiler spills.
 * A single row takes a panel of four tiles at once. In a panel of one tile the even inputs and the
 * odd ones have sums of their own, so that fewer additions wait for each other. Each row's sums run
 * over the inputs in the same order however many rows there are, so its bits do not depend on its
 * companions.
 *
 * <p>An instance holds the inputs of four rows on the heap, so that the compiler needs no checks in
 * the inner loop: each thread has its own.
 */
public final class TiledProduct {
    private static final int LANES = VectorMath.LANES;

    /** Bytes from one tile of a pair of inputs to the next. */
    private static final long TILE = (long) LANES * Integer.BYTES;

    private static final int ROWS = 4;

    private final ShortProduct ranks = new ShortProduct();
    private float[] inputs = new float[0];

    /**
     * Inputs and outputs of one product.
     *
     * @param x rows of inputs; element 0 of a row is at column {@code xColumn}
     * @param y rows of outputs; output 0 of the matrix is at column {@code yColumn}
     * @param accumulate add to y instead of replacing it
     */
    public record Operands(
            FloatMatrix x,
            int xColumn,
            FloatMatrix y,
            int yColumn,
            float scale,
            boolean accumulate) {}

    /** Rows of a batch by number: {@code rows[from]} to {@code rows[to - 1]}. */
    public static final class RowBlock {
        private final int[] rows;
        private final int from;
        private final int to;

        /** The array is only read, and not kept beyond the product. */
        public RowBlock(int[] rows, int from, int to) {
            this.rows = rows;
            this.from = from;
            this.to = to;
        }

        /** The first rows of a batch. */
        static RowBlock first(int count) {
            return new RowBlock(IntStream.range(0, count).toArray(), 0, count);
        }
    }

    /** Panels {@code from} (inclusive) to {@code to} of the matrix, for the rows listed. */
    public void multiply(TiledMatrix w, int from, int to, Operands operands, RowBlock rows) {
        if (from >= to) {
            return;
        }
        int stride = 2 * w.pairs();
        if (inputs.length < ROWS * stride) {
            inputs = new float[ROWS * stride];
        }
        if (stride <= ShortProduct.MOST_INPUTS && operands.accumulate) {
            addShort(w, from, to, operands, rows);
            return;
        }
        int first = rows.from;
        for (; first + ROWS <= rows.to; first += ROWS) {
            read(operands, rows.rows, first, ROWS, w);
            for (int panel = from; panel < to; panel++) {
                four(w, panel, operands, rows.rows, first);
            }
        }
        for (; first < rows.to; first++) {
            read(operands, rows.rows, first, 1, w);
            for (int panel = from; panel < to; panel++) {
                one(w, panel, operands, rows.rows[first]);
            }
        }
    }

    private void addShort(TiledMatrix w, int from, int to, Operands op, RowBlock rows) {
        int whole = Math.clamp(w.wholePanels(), from, to);
        int shared = (rows.to - rows.from) / ROWS * ROWS;
        ranks.add(w, from, whole, op, rows.rows, rows.from, rows.from + shared);
        for (int row = rows.from; row < rows.to; row++) {
            int begin = row < rows.from + shared ? whole : from;
            if (begin == to) {
                continue;
            }
            read(op, rows.rows, row, 1, w);
            if (begin < whole) {
                ShortProduct.addOne(w, begin, whole, op, inputs, rows.rows[row]);
            }
            for (int panel = Math.max(begin, whole); panel < to; panel++) {
                one(w, panel, op, rows.rows[row]);
            }
        }
    }

    private void read(Operands op, int[] rows, int first, int count, TiledMatrix w) {
        int stride = 2 * w.pairs();
        for (int r = 0; r < count; r++) {
            long from = op.x.offset(rows[first + r], op.xColumn);
            VectorMath.copy(op.x.data(), from, inputs, r * stride, w.in());
            if (w.in() < stride) {
                inputs[r * stride + w.in()] = 0f;
            }
        }
    }

    private void four(TiledMatrix w, int panel, Operands op, int[] rows, int first) {
        if (w.isWide(panel)) {
            fourByTwo(w, panel, 0, op, rows, first);
            fourByTwo(w, panel, 2, op, rows, first);
        } else {
            fourByOne(w, panel, op, rows, first);
        }
    }

    private void one(TiledMatrix w, int panel, Operands op, int row) {
        if (w.isWide(panel)) {
            oneByFour(w, panel, op, row);
        } else {
            oneByOne(w, panel, op, row);
        }
    }

    private void fourByTwo(TiledMatrix w, int panel, int tile, Operands op, int[] rows, int first) {
        FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        MemorySegment weights = w.data();
        long from = w.offset(panel) + tile * TILE;
        float[] x = inputs;
        int stride = 2 * w.pairs();
        for (int i = 0; i < stride; i += 2) {
            long at = from + 2L * i * TILE;
            IntVector left = VectorMath.loadInts(weights, at);
            IntVector right = VectorMath.loadInts(weights, at + TILE);
            FloatVector v0 = VectorMath.firsts(left);
            FloatVector v1 = VectorMath.firsts(right);
            FloatVector x0 = broadcast(x[i]);
            FloatVector x1 = broadcast(x[stride + i]);
            FloatVector x2 = broadcast(x[2 * stride + i]);
            FloatVector x3 = broadcast(x[3 * stride + i]);
            a0 = v0.fma(x0, a0);
            b0 = v1.fma(x0, b0);
            a1 = v0.fma(x1, a1);
            b1 = v1.fma(x1, b1);
            a2 = v0.fma(x2, a2);
            b2 = v1.fma(x2, b2);
            a3 = v0.fma(x3, a3);
            b3 = v1.fma(x3, b3);
            v0 = VectorMath.seconds(left);
            v1 = VectorMath.seconds(right);
            x0 = broadcast(x[i + 1]);
            x1 = broadcast(x[stride + i + 1]);
            x2 = broadcast(x[2 * stride + i + 1]);
            x3 = broadcast(x[3 * stride + i + 1]);
            a0 = v0.fma(x0, a0);
            b0 = v1.fma(x0, b0);
            a1 = v0.fma(x1, a1);
            b1 = v1.fma(x1, b1);
            a2 = v0.fma(x2, a2);
            b2 = v1.fma(x2, b2);
            a3 = v0.fma(x3, a3);
            b3 = v1.fma(x3, b3);
        }
        int to = w.firstTile(panel) + tile;
        store(a0, w, to, op, rows[first]);
        store(b0, w, to + 1, op, rows[first]);
        store(a1, w, to, op, rows[first + 1]);
        store(b1, w, to + 1, op, rows[first + 1]);
        store(a2, w, to, op, rows[first + 2]);
        store(b2, w, to + 1, op, rows[first + 2]);
        store(a3, w, to, op, rows[first + 3]);
        store(b3, w, to + 1, op, rows[first + 3]);
    }

    private void fourByOne(TiledMatrix w, int panel, Operands op, int[] rows, int first) {
        FloatVector even0 = FloatVector.zero(VectorMath.FLOATS);
        FloatVector even1 = even0;
        FloatVector even2 = even0;
        FloatVector even3 = even0;
        FloatVector odd0 = even0;
        FloatVector odd1 = even0;
        FloatVector odd2 = even0;
        FloatVector odd3 = even0;
        MemorySegment weights = w.data();
        long from = w.offset(panel);
        float[] x = inputs;
        int stride = 2 * w.pairs();
        for (int i = 0; i < stride; i += 2) {
            IntVector pairs = VectorMath.loadInts(weights, from + i * TILE / 2);
            FloatVector v = VectorMath.firsts(pairs);
            even0 = v.fma(broadcast(x[i]), even0);
            even1 = v.fma(broadcast(x[stride + i]), even1);
            even2 = v.fma(broadcast(x[2 * stride + i]), even2);
            even3 = v.fma(broadcast(x[3 * stride + i]), even3);
            v = VectorMath.seconds(pairs);
            odd0 = v.fma(broadcast(x[i + 1]), odd0);
            odd1 = v.fma(broadcast(x[stride + i + 1]), odd1);
            odd2 = v.fma(broadcast(x[2 * stride + i + 1]), odd2);
            odd3 = v.fma(broadcast(x[3 * stride + i + 1]), odd3);
        }
        int tile = w.firstTile(panel);
        store(even0.add(odd0), w, tile, op, rows[first]);
        store(even1.add(odd1), w, tile, op, rows[first + 1]);
        store(even2.add(odd2), w, tile, op, rows[first + 2]);
        store(even3.add(odd3), w, tile, op, rows[first + 3]);
    }

    private void oneByFour(TiledMatrix w, int panel, Operands op, int row) {
        FloatVector a0 = FloatVector.zero(VectorMath.FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        MemorySegment weights = w.data();
        long from = w.offset(panel);
        float[] x = inputs;
        int stride = 2 * w.pairs();
        for (int i = 0; i < stride; i += 2) {
            long at = from + 2L * i * TILE;
            IntVector pairs0 = VectorMath.loadInts(weights, at);
            IntVector pairs1 = VectorMath.loadInts(weights, at + TILE);
            IntVector pairs2 = VectorMath.loadInts(weights, at + 2 * TILE);
            IntVector pairs3 = VectorMath.loadInts(weights, at + 3 * TILE);
            FloatVector input = broadcast(x[i]);
            a0 = VectorMath.firsts(pairs0).fma(input, a0);
            a1 = VectorMath.firsts(pairs1).fma(input, a1);
            a2 = VectorMath.firsts(pairs2).fma(input, a2);
            a3 = VectorMath.firsts(pairs3).fma(input, a3);
            input = broadcast(x[i + 1]);
            a0 = VectorMath.seconds(pairs0).fma(input, a0);
            a1 = VectorMath.seconds(pairs1).fma(input, a1);
            a2 = VectorMath.seconds(pairs2).fma(input, a2);
            a3 = VectorMath.seconds(pairs3).fma(input, a3);
        }
        int tile = w.firstTile(panel);
        store(a0, w, tile, op, row);
        store(a1, w, tile + 1, op, row);
        store(a2, w, tile + 2, op, row);
        store(a3, w, tile + 3, op, row);
    }

    private void oneByOne(TiledMatrix w, int panel, Operands op, int row) {
        FloatVector even = FloatVector.zero(VectorMath.FLOATS);
        FloatVector odd = even;
        MemorySegment weights = w.data();
        long from = w.offset(panel);
        float[] x = inputs;
        int stride = 2 * w.pairs();
        for (int i = 0; i < stride; i += 2) {
            IntVector pairs = VectorMath.loadInts(weights, from + i * TILE / 2);
            even = VectorMath.firsts(pairs).fma(broadcast(x[i]), even);
            odd = VectorMath.seconds(pairs).fma(broadcast(x[i + 1]), odd);
        }
        store(even.add(odd), w, w.firstTile(panel), op, row);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(VectorMath.FLOATS, value);
    }

    private static void store(FloatVector sum, TiledMatrix w, int tile, Operands op, int row) {
        int column = tile * LANES;
        int count = Math.min(LANES, w.out() - column);
        MemorySegment y = op.y.data();
        long at = op.y.offset(row, op.yColumn + column);
        if (count == LANES) {
            FloatVector scaled = sum.mul(op.scale);
            (op.accumulate ? VectorMath.load(y, at).add(scaled) : scaled)
                    .intoMemorySegment(OffHeap.of(y), at, VectorMath.ORDER);
            return;
        }
        float[] lanes = sum.toArray();
        for (int i = 0; i < count; i++) {
            float scaled = lanes[i] * op.scale;
            float old = op.accumulate ? y.get(ValueLayout.JAVA_FLOAT, at + 4L * i) : 0f;
            y.set(ValueLayout.JAVA_FLOAT, at + 4L * i, op.accumulate ? old + scaled : scaled);
        }
    }
}
